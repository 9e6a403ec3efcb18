import FleetModel
import Testing

@testable import Takeovers

/// What is wrong with a takeover of Big Bang.
@Suite struct BigBangProblemsTests {
    private func problems(_ parameters: [String: JSON]) -> [String] {
        BigBangRunbook.problems(in: .bigBang(parameters)).map(\.problem)
    }

    @Test func `it wants no files and keeps the revision`() {
        #expect(BigBangRunbook.form == RunbookForm("bigbang", isInPlace: true))
    }

    @Test func `what the lab writes is right`() {
        #expect(problems(["delivery": "override", "allowSkew": true, "dns": "others"]) == [])
        #expect(problems(["delivery": "hook", "hook": ["deliver"]]) == [])
    }

    @Test(
        arguments: [
            (
                ["delivery": "git"],
                #"parameter "delivery" should be "override" or "hook", got: "git""#
            ),
            (["delivery": "hook"], #"delivery by hook needs the parameter "hook""#),
            (["hook": ["x"]], "the hook is never run with delivery: override"),
            (["gateways": "none"], #"there is no parameter "gateways""#),
            (
                ["ttl": "5"],
                #"parameter "ttl" should be a duration such as "20s" or "1m", got: "5""#
            ),
            (["orphans": true], #"parameter "orphans" should be "keep" or "delete", got: true"#),
        ] as [([String: JSON], String)])
    func `a wrong parameter is told`(parameters: [String: JSON], problem: String) {
        #expect(problems(parameters) == [problem])
    }

    @Test func `revisions and manifests are none of its business`() {
        let takeover = Takeover(
            name: "a", runbook: "bigbang", revision: "1-25", version: "", oldRevision: "1-23",
            manifests: ["controlPlane": "{}"])
        let subjects = BigBangRunbook.problems(in: takeover).map(\.subject)
        #expect(subjects == [.revision, .oldRevision, .version, .manifest("controlPlane")])
    }
}

import FleetConfig
import FleetModel
import Testing

struct OwnStepReaderTests {
    private let heading = "takeover: x\nrunbook: own\nsteps:\n"

    private func read(_ steps: String) throws -> [OwnStep] {
        let files = MemoryFiles(["x.yaml": heading + steps])
        return try TakeoverReader(
            files: files, runbooks: [.own]
        )
        .read("x.yaml").value.ownSteps
    }

    private func complaint(_ steps: String) -> String {
        do throws(ConfigurationErrors) {
            let files = MemoryFiles(["x.yaml": heading + steps])
            let forms = [RunbookForm.own]
            _ = try TakeoverReader(files: files, runbooks: forms).read("x.yaml")
            return ""
        } catch {
            return error.mistakes.map { "\($0.problem) at \($0.place ?? "?")" }
                .joined(separator: "\n")
        }
    }

    @Test func `every key is read`() throws {
        let steps = try read(
            """
              - name: silence
                title: silence the pager
                before: takeover/activate
                where: local
                observe:
                  run: [pager, status]
                  stdin: hello
                  expect: .silent
                act:
                  run: [sh, -c, "a\\nb"]
                  stdin: |
                    one
                    two
                  deadline: 2m
                timeout: 10m
                poll: 10s
                interrupt: finishOrRollBack
              - name: wait
                phase: retire
                observe: {get: /version}
            """)
        #expect(
            steps == [
                OwnStep(
                    name: "silence", title: "silence the pager",
                    position: .init(.before, phase: "takeover", step: "activate"), place: .local,
                    observe: .init(
                        .command(["pager", "status"], stdin: "hello"), expect: ".silent"),
                    act: .init(
                        ["sh", "-c", "a\nb"], stdin: "one\ntwo\n", deadline: .minutes(2)),
                    timeout: .minutes(10), poll: .seconds(10),
                    interrupt: .finishOrRollBack),
                OwnStep(
                    name: "wait", position: .init(.after, phase: "retire"),
                    observe: .init(.path("/version"))),
            ])
    }

    @Test(arguments: [
        ("  - name: a", "the step needs the key `observe`"),
        (
            "  - {name: a, observe: {get: /version}}",
            "the step does not say where it stands at x.yaml:4:5"
        ),
        (
            "  - {name: a, phase: prepare, after: retire, observe: {get: /version}}",
            "the step stands in two places: `phase` and `after` at x.yaml:4:5"
        ),
        (
            "  - {name: a, phase: prepare/lock, observe: {get: /version}}",
            "`phase` names a step, \"prepare/lock\""
        ),
        (
            "  - {name: a, phase: prepare, observe: {get: /version, run: [a]}}",
            "`observe` should ask one thing"
        ),
        ("  - {name: a, phase: prepare, observe: {expect: .a}}", "`observe` should ask one thing"),
        ("  - {name: a, phase: prepare, observe: {run: []}}", "`run` names no program"),
        ("  - {name: a, phase: prepare, observe: {run: ls -l}}", "`run` should be a list"),
        (
            "  - {name: a, phase: prepare, observe: {get: /version}, act: {}}",
            "`act` needs the key `run`"
        ),
        (
            "  - {name: a, phase: prepare, where: there, observe: {get: /version}}",
            "`where` should be"
        ),
        (
            "  - {name: a, phase: prepare, obsreve: {get: /version}}",
            "the step has no key `obsreve`"
        ),
        ("  - [a]", "`a step` should be a mapping"),
    ])
    func `a mistake is told with its place`(steps: String, words: String) {
        #expect(complaint(steps).contains(words), "\(complaint(steps))")
    }

    @Test func `only a runbook that moves a revision asks for one`() {
        let files = MemoryFiles(["x.yaml": "takeover: x\nrunbook: own"])
        #expect(throws: ConfigurationErrors.self) {
            try TakeoverReader(files: files, runbooks: [RunbookForm("own")]).read("x.yaml")
        }
    }
}

import FleetModel
import FleetTestKit
import Testing

@testable import FleetCommands

struct RehearsalFaultTests {
    @Test func `a fault names its target, its kind and what it takes`() throws {
        let fault = try #require(RehearsalFault("edge-01=ilm-failed,state=FAILED,after=30"))
        #expect(fault.target == "edge-01")
        #expect(
            try fault.document == [
                "fault": "ilm-failed", "after": 30, "parameters": ["state": "FAILED"],
            ])
    }

    @Test(arguments: ["", "edge-01", "=slow", "edge-01=", "a=slow,x", "a=slow,x=", "a=b,x=1,x=2"])
    func `a text of another form is no fault`(text: String) {
        #expect(RehearsalFault(text) == nil)
    }

    @Test(arguments: ["soon", "-1", "99999999999999999999", "1e3"])
    func `a time that is no number of seconds is refused`(text: String) throws {
        let fault = try #require(RehearsalFault("a=slow,after=\(text)"))
        let refusal = #expect(throws: UsageError.self) { try fault.document }
        #expect(refusal?.problem.hasSuffix("up to a year, got: \(text.quoted)") == true)
    }

    @Test func `a target is a cluster, or a wave and all of its clusters`() throws {
        let plan = RehearsedPlanTests.plan
        let clusters = { (text: String) in
            RehearsalFault("\(text)=slow")?.clusters(in: plan)
        }
        #expect(clusters("edge-2") == ["edge-2"])
        #expect(clusters("boss") == ["boss"])
        #expect(clusters("rest") == ["edge-2", "edge-3"])
        #expect(clusters("nobody") == [])
    }
}

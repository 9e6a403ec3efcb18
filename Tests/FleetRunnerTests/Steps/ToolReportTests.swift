import FleetModel
import FleetRunner
import Testing

/// Readings whose exit status is part of the answer.
@Suite struct ToolReportTests {
    private let tool = Command(["istioctl", "x", "precheck"], isMutating: false, purpose: "look")

    private func read(
        _ result: CommandResult, as reading: (Command) -> Reading = Reading.report
    ) async throws -> ToolReport? {
        let reader = ClusterReader(
            executor: ScriptedWorld { _, _ in result }, cluster: Cluster("edge-01"),
            management: nil, prefix: "7F3K")
        guard case .found(let json) = try await reader.read(reading(tool)) else { return nil }
        return ToolReport(json)
    }

    private func result(_ status: Int32, _ stdout: String, _ stderr: String) -> CommandResult {
        CommandResult(
            .exited(status), stdout: Array(stdout.utf8), stderr: Array(stderr.utf8))
    }

    @Test(arguments: [(0, ""), (1, "Error: could not find target revision"), (79, "found")])
    func `a status other than 0 is an answer`(status: Int32, stderr: String) async throws {
        #expect(
            try await read(result(status, "text", stderr))
                == ToolReport(exit: Int(status), stdout: "text", stderr: stderr))
    }

    @Test func `a tool that could not get at the cluster has reported nothing`() async {
        let cases = [
            result(1, "", "Error: dial tcp 10.0.0.1:6443: i/o timeout"),
            result(127, "", "sh: 1: istioctl: not found"), CommandResult(.timedOut),
            CommandResult(.notStarted("there is no istioctl")),
            CommandResult(.exited(0), isTruncated: true),
        ]
        for trouble in cases {
            await #expect(throws: ReadingFailed.self) { try await read(trouble) }
        }
    }

    @Test func `of what is only tried even no answer in time is one`() async throws {
        let late = ToolReport(exit: 124, stderr: "it did not answer")
        #expect(try await read(CommandResult(.timedOut), as: Reading.trial) == late)
        let forbidden = result(1, "", "Error from server (Forbidden): no")
        #expect(try await read(forbidden, as: Reading.trial)?.exit == 1)
        await #expect(throws: ReadingFailed.self) {
            try await read(CommandResult(.lost("the line broke")), as: Reading.trial)
        }
    }
}

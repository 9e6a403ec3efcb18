import FleetModel
import FleetRunner
import FleetSSH
import FleetTestKit
import Foundation
import Testing

/// Whatever befalls the connection: exactly once, and no wrong result.
@Suite(.serialized) struct FaultyConnectionTests {
    private static let script = #"""
        echo ran >> "$1/ran"
        cat
        echo err >&2
        exit 7
        """#

    private func command(_ scratch: BastionScratch, isMutating: Bool = true) -> Command {
        Command(
            ["sh", "-c", Self.script, "job", scratch.path], stdin: "a manifest\n",
            place: BastionScratch.place, deadline: .minutes(600), isMutating: isMutating)
    }

    private func withBadDay(
        _ seed: UInt64,
        _ body: (BastionScratch, SSHExecutor, FaultyTransport) async throws -> Void
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = FaultyTransport(ShellTransport(scratch), seed: seed)
        let executor = patient(scratch, transport)
        try await body(scratch, executor, transport)
        await transport.drain()
        let left = await scratch.remainingProcesses()
        #expect(left == [], "seed \(seed)")
    }

    /// Waits between tries take no time, and no machine is too busy to answer in time.
    private func patient(
        _ scratch: BastionScratch, _ transport: FaultyTransport
    ) -> SSHExecutor {
        var limits = BastionScratch.limits
        (limits.patience, limits.connectPatience) = (.seconds(36_000), .seconds(36_000))
        return scratch.executor(transport, limits: limits, clock: HurriedClock())
    }

    private func runs(_ scratch: BastionScratch) -> Int {
        (scratch.text("ran") ?? "").split(separator: "\n").count
    }

    @Test(arguments: Seeds.chosen)
    func `a job runs once and its result is whole`(seed: UInt64) async throws {
        try await withBadDay(seed) { scratch, executor, transport in
            let result = await executor.run(command(scratch), id: "job")
            #expect(result.ending == .exited(7), "seed \(seed)")
            #expect(result.stdoutText == "a manifest\n", "seed \(seed)")
            #expect(result.stderrText == "err\n", "seed \(seed)")
            await executor.acknowledge("job", at: BastionScratch.place)
            await transport.drain()
            #expect(runs(scratch) == 1, "seed \(seed)")
            let fate = await executor.fate(of: "job", at: BastionScratch.place)
            #expect(fate == .unknown, "seed \(seed)")
        }
    }

    @Test(arguments: Seeds.chosen)
    func `a read has its own result or none`(seed: UInt64) async throws {
        try await withBadDay(seed) { scratch, executor, transport in
            let result = await executor.run(command(scratch, isMutating: false), id: "read")
            await transport.drain()
            switch result.ending {
            case .exited(let status):
                #expect(status == 7 && runs(scratch) == 1, "seed \(seed)")
                #expect(result.stdoutText == "a manifest\n", "seed \(seed)")
                #expect(result.stderrText == "err\n", "seed \(seed)")
            case .notStarted: #expect(runs(scratch) == 0, "seed \(seed)")
            default: #expect(result.isLost && runs(scratch) <= 1, "seed \(seed): \(result.ending)")
            }
        }
    }

    @Test(arguments: Seeds.chosen)
    func `a job that is cancelled some time tells what became of it`(seed: UInt64) async throws {
        try await withBadDay(seed) { scratch, executor, transport in
            var generator = SeededGenerator(seed: seed ^ 0x5EED)
            let delay = Int.random(in: 0..<60, using: &generator)
            let run = Task { await executor.run(command(scratch), id: "job") }
            try await ContinuousClock().sleep(for: .milliseconds(delay))
            run.cancel()
            let result = await run.value
            await transport.drain()
            switch result.ending {
            case .exited(let status):
                #expect(status == 7 && result.stdoutText == "a manifest\n", "seed \(seed)")
                #expect(runs(scratch) == 1, "seed \(seed)")
            case .cancelled: #expect(runs(scratch) <= 1, "seed \(seed)")
            case .notStarted: #expect(runs(scratch) == 0, "seed \(seed): it ran")
            default: Issue.record("seed \(seed): ended with \(result.ending)")
            }
        }
    }

    @Test(arguments: Seeds.chosen)
    func `two coordinators and a bad day start one job once`(seed: UInt64) async throws {
        try await withBadDay(seed) { scratch, executor, transport in
            let other = patient(scratch, FaultyTransport(ShellTransport(scratch), seed: ~seed))
            async let first = executor.run(command(scratch), id: "job")
            async let second = other.run(command(scratch), id: "job")
            let results = await [first, second]
            #expect(results[0] == results[1], "seed \(seed)")
            #expect(results[0].ending == .exited(7), "seed \(seed)")
            await transport.drain()
            #expect(runs(scratch) == 1, "seed \(seed)")
        }
    }
}

extension CommandResult {
    var isLost: Bool {
        if case .lost = ending { true } else { false }
    }
}

/// A few seeds in every test run; more with `BELLWETHER_SEEDS=1..2000`.
private enum Seeds {
    static let chosen: [UInt64] = {
        let wanted = ProcessInfo.processInfo.environment["BELLWETHER_SEEDS"] ?? ""
        let bounds = wanted.split(separator: ".").compactMap { UInt64($0) }
        guard bounds.count == 2, bounds[0] <= bounds[1] else { return Array(1...20) }
        return Array(bounds[0]...bounds[1])
    }()
}

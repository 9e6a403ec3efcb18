import FleetModel
import FleetRunner
import FleetTestKit
import Testing

struct SimulatedExecutorTests {
    private let world = SimulatedJobs<LeapingClock.Instant>()
    private let clock = LeapingClock()

    private func executor(
        _ script: @escaping SimulatedExecutor<LeapingClock>.Script
    ) -> SimulatedExecutor<LeapingClock> {
        SimulatedExecutor(world: world, clock: clock, script: script)
    }

    private var apply: Command {
        Command(["kubectl", "apply"], deadline: .seconds(10), isMutating: true)
    }

    @Test(arguments: clausesWithoutProcesses)
    func `the simulated executor keeps what of the contract needs no processes`(
        clause: CommandExecutorContract.Clause
    ) async throws {
        let contract = CommandExecutorContract(outputKept: 1 << 20) { executor(contractScript) }
        #expect(try await contract.breaches(of: clause) == [])
    }

    @Test func `a job's script is asked once, however often it is run`() async {
        let executor = executor { _ in .init(CommandResult(.exited(0)), takes: .seconds(3)) }
        let results = [
            await executor.run(apply, id: "a"),
            await self.executor { _ in nil }.run(apply, id: "a"),
        ]
        #expect(results.map(\.ending) == [.exited(0), .exited(0)])
        #expect(results.map(\.duration) == [.seconds(3), .seconds(3)])
        #expect(world.starts == ["a"])
    }

    @Test func `a command that takes longer than its deadline is stopped there`() async {
        let executor = executor { _ in .init(CommandResult(.exited(0)), takes: .seconds(60)) }
        let start = clock.now
        let result = await executor.run(apply, id: "slow")
        #expect(result.ending == .timedOut)
        #expect(start.duration(to: clock.now) == .seconds(10))
    }

    @Test func `a job lost while it ran stays lost, and a cancelled one cancelled`() async {
        let world = SimulatedJobs<ContinuousClock.Instant>()
        let executor = SimulatedExecutor(world: world, clock: ContinuousClock()) { _ in
            .init(CommandResult(.exited(0)), takes: .seconds(3_600))
        }
        var command = apply
        command.deadline = .seconds(7_200)
        let lost = Task { [command] in await executor.run(command, id: "lost") }
        let cancelled = Task { [command] in await executor.run(command, id: "cancelled") }
        while world.starts.count < 2 { await Task.yield() }
        #expect(await executor.fate(of: "lost", at: .local) == .running)
        world.lose("lost", at: ContinuousClock.now)
        #expect(await executor.fate(of: "lost", at: .local) == .lost("the host went down"))
        lost.cancel()
        cancelled.cancel()
        #expect(await lost.value.ending == .lost("the host went down"))
        #expect(await cancelled.value.ending == .cancelled)
        #expect(await executor.run(command, id: "cancelled").ending == .cancelled)
    }

    @Test func `an answer can be that the outcome is lost`() async {
        let executor = executor { _ in .init(CommandResult(.lost("cut off"))) }
        #expect(await executor.run(apply, id: "cut").ending == .lost("cut off"))
        #expect(await executor.fate(of: "cut", at: .local) == .lost("cut off"))
    }

    @Test func `an acknowledged job is forgotten`() async {
        let executor = executor { _ in .init(CommandResult(.exited(0))) }
        _ = await executor.run(apply, id: "a")
        await executor.acknowledge("a", at: .local)
        #expect(await executor.fate(of: "a", at: .local) == .unknown)
    }
}

private let clausesWithoutProcesses: [CommandExecutorContract.Clause] = [
    .exitStatus, .toolNotFound, .stdinOfOneMegabyte, .stdinNotRead, .noStdin, .awkwardArguments,
    .environment, .cancelledBeforeItBegan,
]

/// The few tools that those clauses use.
private func contractScript(
    _ command: Command
) -> SimulatedExecutor<LeapingClock>.Answer? {
    switch command.argv.first {
    case "true": .init(CommandResult(.exited(0)))
    case "env": .init(CommandResult(.exited(0), stdout: Array("PATH=/bin\n".utf8)))
    case "cat": .init(CommandResult(.exited(0), stdout: Array((command.stdin ?? "").utf8)))
    case "printf": .init(CommandResult(.exited(0), stdout: words(command.argv.dropFirst(2))))
    case "sh": .init(CommandResult(.exited(status(of: command.argv.last ?? ""))))
    default: nil
    }
}

private func words(_ words: ArraySlice<String>) -> [UInt8] {
    words.flatMap { (word: String) -> [UInt8] in word.utf8 + [0] }
}

/// The number in `exit 7`.
private func status(of script: String) -> Int32 {
    script.split(separator: " ").last.flatMap { Int32($0) } ?? 2
}

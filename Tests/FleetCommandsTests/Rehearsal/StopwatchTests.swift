import FleetModel
import FleetRunner
import Synchronization
import Testing

@testable import FleetCommands

/// How a rehearsal tells the time.
struct StopwatchTests {
    private let wall = Wall()
    private let attempt = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 1)

    @Test func `waiting counts at the lab's speed and commands at ours`() async {
        let stopwatch = Stopwatch(speed: 10, base: wall.clock)
        let measurement = stopwatch.start(at: Timestamp(milliseconds: 5_000))
        wall.pass(.seconds(2))
        let executor = measurement.measured(Slow(wall: wall, length: .seconds(3)))
        _ = await executor.run(Command(["kubectl"], isMutating: false), id: "1")
        wall.pass(.seconds(1))
        #expect(measurement.clock.now() == Timestamp(milliseconds: 5_000 + 33_000))
        stopwatch.stop(measurement, of: attempt)
        #expect(
            stopwatch.laps == [
                .init(attempt: attempt, length: .seconds(33), commands: .seconds(3))
            ])
    }

    @Test func `reads side by side count once`() async {
        let measurement = Stopwatch(speed: 10, base: wall.clock)
            .start(at: Timestamp(milliseconds: 0))
        let inner = measurement.measured(Slow(wall: wall, length: .seconds(1)))
        let outer = measurement.measured(Slow(wall: wall, length: .seconds(1), before: inner))
        _ = await outer.run(Command(["kubectl"], isMutating: false), id: "1")
        #expect(measurement.commands == .seconds(2))
        #expect(measurement.clock.now() == Timestamp(milliseconds: 2_000))
    }

    @Test func `a pause is as much shorter as the lab is faster, but no look follows at once`()
        async
    {
        let measurement = Stopwatch(speed: 10, base: wall.clock)
            .start(at: Timestamp(milliseconds: 0))
        await measurement.clock.sleep(.seconds(20))
        await measurement.clock.sleep(.seconds(3))
        await measurement.clock.sleep(.milliseconds(100))
        #expect(wall.sleeps == [.seconds(2), .milliseconds(500), .milliseconds(100)])
    }

    @Test func `the run's own clock is as fast as the lab`() async {
        wall.pass(.seconds(7))
        let clock = wall.clock.spedUp(by: 60)
        wall.pass(.seconds(2))
        #expect(clock.now() == Timestamp(milliseconds: 7_000 + 120_000))
        await clock.sleep(.minutes(10))
        #expect(wall.sleeps == [.seconds(10)])
    }

    @Test func `pieces of work begin as soon as there is room for them`() {
        let lengths: [Duration] = [.seconds(5), .seconds(3), .seconds(4), .seconds(1)]
        #expect(Schedule(lengths: lengths, atOnce: 1).length == .seconds(13))
        #expect(Schedule(lengths: lengths, atOnce: 2).length == .seconds(7))
        #expect(Schedule(lengths: lengths, atOnce: 9).length == .seconds(5))
        #expect(Schedule(lengths: [], atOnce: 2).length == .zero)
    }
}

/// A clock on the wall that goes when it is told to.
private final class Wall: Sendable {
    private let state = Mutex((now: Timestamp(milliseconds: 0), sleeps: [Duration]()))

    var sleeps: [Duration] { state.withLock(\.sleeps) }
    func pass(_ length: Duration) { state.withLock { $0.now = $0.now + length } }

    var clock: RunClock {
        RunClock(
            now: { self.state.withLock(\.now) },
            sleep: { length in self.state.withLock { $0.sleeps.append(length) } })
    }
}

/// Takes so long for every command, after another executor has had its go.
private struct Slow: CommandExecutor {
    let wall: Wall
    let length: Duration
    var before: (any CommandExecutor)?

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        _ = await before?.run(command, id: id)
        wall.pass(length)
        return CommandResult(.exited(0))
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate { .unknown }
    func acknowledge(_ id: CommandID, at place: Command.Place) async {}
}

import FleetModel
import FleetRunner
import Synchronization

/// Measures every attempt of a rehearsal in time as it would pass in earnest.
///
/// The lab lives faster than the world and commands do not. So the clock that an attempt is
/// given runs at the lab's speed while it waits, and at ours while a command of it runs:
///
/// ```
///   attempt   ──wait──┤ kubectl ├──wait──┤ kubectl ├──
///   counts     × 10       × 1      × 10      × 1
/// ```
///
/// Its deadlines are therefore not spent by kubectl ten times over.
final class Stopwatch: Sendable {
    /// What one attempt took.
    struct Lap: Hashable, Sendable {
        let attempt: Attempt
        let length: Duration
        /// The part of it in which commands ran.
        let commands: Duration
    }

    private let speed: Double
    private let base: RunClock
    private let finished = Mutex<[Lap]>([])

    init(speed: Double, base: RunClock) { (self.speed, self.base) = (speed, base) }

    /// In the order in which the attempts ended.
    var laps: [Lap] { finished.withLock { $0 } }

    /// Starts measuring an attempt, at a moment of the run's own clock.
    func start(at moment: Timestamp) -> Measurement {
        Measurement(speed: speed, base: base, startedAt: moment)
    }

    func stop(_ measurement: Measurement, of attempt: Attempt) {
        let lap = Lap(
            attempt: attempt, length: measurement.clock.now() - measurement.startedAt,
            commands: measurement.commands)
        finished.withLock { $0.append(lap) }
    }
}

/// One attempt while it is measured.
final class Measurement: Sendable {
    private struct State {
        /// Commands that run now; reads run side by side.
        var running = 0
        var runningSince = Timestamp(milliseconds: 0)
        var spent = Duration.zero
    }

    let startedAt: Timestamp
    private let speed: Double
    private let base: RunClock
    private let begun: Timestamp
    private let state = Mutex(State())

    init(speed: Double, base: RunClock, startedAt: Timestamp) {
        (self.speed, self.base, self.startedAt) = (speed, base, startedAt)
        begun = base.now()
    }

    /// The time that commands have taken so far; those that ran at once count once.
    var commands: Duration { commands(until: base.now()) }

    private func commands(until now: Timestamp) -> Duration {
        state.withLock { $0.spent + ($0.running > 0 ? now - $0.runningSince : .zero) }
    }

    /// What the attempt tells the time by.
    var clock: RunClock {
        RunClock(
            now: { [self] in
                let now = base.now()
                let commands = commands(until: now)
                return startedAt + (now - begun - commands) * speed + commands
            },
            sleep: { [base, speed] length in
                await base.sleep(max(length / speed, min(length, shortestPause)))
            })
    }

    /// The executor with its commands measured.
    func measured(_ executor: any CommandExecutor) -> any CommandExecutor {
        MeasuredExecutor(executor: executor, measurement: self)
    }

    fileprivate func commandBegins() {
        let now = base.now()
        state.withLock { state in
            if state.running == 0 { state.runningSince = now }
            state.running += 1
        }
    }

    fileprivate func commandEnds() {
        let now = base.now()
        state.withLock { state in
            state.running -= 1
            if state.running == 0 { state.spent += now - state.runningSince }
        }
    }
}

/// A look at a cluster is several commands; looking more often would only take the
/// processor from the others.
private let shortestPause = Duration.milliseconds(500)

private struct MeasuredExecutor: CommandExecutor {
    let executor: any CommandExecutor
    let measurement: Measurement

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        measurement.commandBegins()
        defer { measurement.commandEnds() }
        return await executor.run(command, id: id)
    }

    func read(_ command: Command, id: CommandID) async -> CommandResult {
        measurement.commandBegins()
        defer { measurement.commandEnds() }
        return await executor.read(command, id: id)
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        await executor.fate(of: id, at: place)
    }

    func acknowledge(_ id: CommandID, at place: Command.Place) async {
        await executor.acknowledge(id, at: place)
    }
}

extension RunClock {
    /// A clock that begins now and runs so many times faster.
    func spedUp(by speed: Double) -> RunClock {
        let (base, start) = (self, now())
        return RunClock(
            now: { start + (base.now() - start) * speed },
            sleep: { await base.sleep(max($0 / speed, min($0, shortestTurn))) })
    }
}

/// The run looks at its clock and its inbox no more often than this.
private let shortestTurn = Duration.milliseconds(50)

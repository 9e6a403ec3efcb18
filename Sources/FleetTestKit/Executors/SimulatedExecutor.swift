public import FleetModel
public import FleetRunner

/// An executor without processes: commands are answered by a script, and how
/// long they take passes on the clock it is given.
///
/// The same script and the same clock give the same answers. It keeps the
/// contract as far as that can be kept without processes: jobs start once,
/// survive their executor, end at their deadline and can be cancelled or lost.
public struct SimulatedExecutor<C: Clock>: CommandExecutor where C.Duration == Duration {
    /// What a script says of one command.
    public struct Answer: Sendable {
        public var result: CommandResult
        /// Until it ends by itself.
        public var takes: Duration

        public init(_ result: CommandResult, takes: Duration = .zero) {
            (self.result, self.takes) = (result, takes)
        }
    }

    /// Answers a command as it starts, once; `nil` when there is no such tool.
    public typealias Script = @Sendable (Command) -> Answer?

    private let world: SimulatedJobs<C.Instant>
    private let clock: C
    private let script: Script

    /// Opens an executor over a world of jobs, which another may have filled.
    public init(world: SimulatedJobs<C.Instant>, clock: C, script: @escaping Script) {
        (self.world, self.clock, self.script) = (world, clock, script)
    }

    public func run(_ command: Command, id: CommandID) async -> CommandResult {
        guard !command.argv.contains(where: { $0.utf8.contains(0) }) else {
            return CommandResult(.notStarted("an argument holds a NUL byte"))
        }
        let job: SimulatedJobs<C.Instant>.Job?
        if command.isMutating {
            job = world.claim(id) { start(command) }
        } else {
            job = Task.isCancelled ? nil : start(command)
        }
        guard let job else { return notStarted(command) }
        return await finish(job, of: command, id)
    }

    public func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        guard let job = world.job(id) else { return .unknown }
        guard clock.now >= job.endsAt else { return .running }
        guard case .lost(let reason) = job.result.ending else { return .ended(job.result) }
        return .lost(reason)
    }

    public func acknowledge(_ id: CommandID, at place: Command.Place) async {
        if let job = world.job(id), clock.now >= job.endsAt { world.forget(id) }
    }

    /// Asks the script, and settles at once how and when the command will end.
    private func start(_ command: Command) -> SimulatedJobs<C.Instant>.Job? {
        guard !Task.isCancelled, let answer = script(command) else { return nil }
        let endsInTime = answer.takes <= command.deadline
        var result = answer.result
        if !endsInTime { result.ending = .timedOut }
        result.duration = endsInTime ? answer.takes : command.deadline
        return SimulatedJobs.Job(endsAt: clock.now.advanced(by: result.duration), result: result)
    }

    private func notStarted(_ command: Command) -> CommandResult {
        Task.isCancelled
            ? CommandResult(.notStarted("it was cancelled before it began"))
            : CommandResult(.notStarted("\(command.argv[0].quoted) was not found"))
    }

    private func finish(
        _ job: SimulatedJobs<C.Instant>.Job, of command: Command, _ id: CommandID
    ) async -> CommandResult {
        guard clock.now < job.endsAt else { return job.result }
        do {
            try await clock.sleep(until: job.endsAt, tolerance: nil)
        } catch {
            // Only cancellation ends a sleep early, and it stops the command.
            guard command.isMutating else { return CommandResult(.cancelled) }
            world.end(id, with: CommandResult(.cancelled), at: clock.now)
        }
        // A job may have been cancelled or lost by another meanwhile.
        return command.isMutating ? world.job(id)?.result ?? job.result : job.result
    }
}

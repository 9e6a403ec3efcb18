import FleetCoordinator
public import FleetModel

/// Takes one step on one cluster to its end: observe, act, verify.
///
/// The runner owns everything a step must not care about: reading, identity,
/// deadlines, bad moments of the API server, one writer per management cluster,
/// and that no command is run twice.
public struct StepRunner: Sendable {
    let step: Step
    let attempt: Attempt
    let situation: Situation
    let surroundings: Surroundings
    let signals: AttemptSignals
    let reader: ClusterReader

    /// What all attempts of a run share.
    public struct Surroundings: Sendable {
        public let executor: any CommandExecutor
        public let log: any CommandLog
        public let clock: RunClock
        public let locks: KeyedLock<ClusterName>
        public let testimony: Testimony

        public init(
            executor: any CommandExecutor, log: any CommandLog, clock: RunClock,
            locks: KeyedLock<ClusterName>,
            testimony: Testimony
        ) {
            self.executor = executor
            self.log = log
            self.clock = clock
            self.locks = locks
            self.testimony = testimony
        }
    }

    public init(
        step: Step, attempt: Attempt, situation: Situation, surroundings: Surroundings,
        signals: AttemptSignals
    ) {
        self.step = step
        self.attempt = attempt
        self.situation = situation
        self.surroundings = surroundings
        self.signals = signals
        reader = ClusterReader(
            executor: surroundings.executor, cluster: situation.cluster,
            management: situation.management,
            prefix: attempt.commandID(0, run: situation.run).rawValue)
    }

    /// Never throws: a step that fails is an outcome.
    public func run() async -> Outcome {
        var state = StepState(at: surroundings.clock.now())
        do throws(StepEnded) {
            try await takeUpOpenCommands()
            try await takeUpBaseline(&state)
            while true { try await turn(&state) }
        } catch {
            return error.outcome
        }
    }
}

/// How a step's turns came to their end.
struct StepEnded: Error {
    let outcome: Outcome

    static func failed(_ kind: Failure.Kind, _ reason: String) -> StepEnded {
        StepEnded(outcome: .failed(Failure(kind, reason)))
    }
}

// MARK: - Turns

extension StepRunner {
    private func turn(_ state: inout StepState) async throws(StepEnded) {
        try checkSignals(state)
        let (observation, context) = try await observe(&state)
        await say(observation)
        switch observation {
        case .done:
            guard try await answeredItself(in: context, &state) else {
                return try await pause(step.poll, state)
            }
            testify(to: context)
            throw StepEnded(outcome: .succeeded(changed: state.hasActed))
        case .failed(let failure):
            testify(to: context)
            throw StepEnded(outcome: .failed(try await remedied(failure, context, &state)))
        case .notDone:
            try await goOn(from: context, &state)
            state.forgetHolds()
        case .settling(_, let hold, _):
            try leaveIfDraining(at: [.safe])
            try await keepUp(&state)
            try await pause(
                min(max(step.poll, hold / 2), longestHoldPause), state, longer: step.hold)
        case .partial, .unknown, .needs:
            try leaveIfDraining(at: [.safe])
            try await keepUp(&state)
            try await pause(step.poll, state)
        }
    }

    /// Says what was found and is answered for, once: the attempt ends here.
    private func testify(to context: StepContext) {
        for finding in step.waived(context) { surroundings.testimony.waive(finding) }
    }

    /// Ends the step when it is to drain and steps of such a kind may be left here.
    private func leaveIfDraining(at interrupts: Set<Interrupt>) throws(StepEnded) {
        guard let reason = signals.drainReason, interrupts.contains(step.outline.interrupt)
        else { return }
        throw .failed(.interrupted, reason.rawValue)
    }

    private func checkSignals(_ state: StepState) throws(StepEnded) {
        guard Task.isCancelled || signals.stopReason != nil else { return }
        switch signals.stopReason {
        case .progressDeadline(let patience):
            throw .failed(
                .timedOut, "the wave's progressDeadline of \(patience.short) passed; \(state.words)"
            )
        case .drainDeadline:
            throw .failed(.inDoubt, "stopped before a safe point; \(state.words)")
        case .aborted, nil:
            throw StepEnded(outcome: .lost)
        }
    }

    private func pause(
        _ length: Duration, _ state: StepState, longer hold: Duration = .zero
    ) async throws(StepEnded) {
        guard surroundings.clock.now() < state.startedAt + step.timeout + hold else {
            throw .failed(.timedOut, "not done after \(step.timeout.short): \(state.words)")
        }
        await surroundings.clock.sleep(length)
    }

    private func say(_ observation: Observation) async {
        guard let words = observation.words else { return }
        await surroundings.log.note(words, about: attempt.cluster)
    }
}

// MARK: - Observing

extension StepRunner {
    /// Reads and asks until the step has an answer.
    ///
    /// An item that has held long enough is noted, and the step asked again about
    /// what was just read: reading it anew would tell nothing more.
    private func observe(
        _ state: inout StepState
    ) async throws(StepEnded) -> (Observation, StepContext) {
        var context = state.context(at: surroundings.clock.now())
        for _ in 0..<readRoundLimit {
            let observation = step.observe(context)
            if state.hasSettled(observation, at: context.now) {
                context.settled = state.settled
                continue
            }
            guard case .needs(let readings) = observation else {
                state.words = observation.words ?? state.words
                state.weigh(observation)
                return (observation, context)
            }
            do throws(ReadingFailed) {
                let missing = readings.filter { context[$0] == nil }
                context.readings.merge(try await reader.read(missing)) { $1 }
            } catch {
                let now = surroundings.clock.now()
                return (
                    try state.observation(of: error.failure, at: now, outage: step.outage), context
                )
            }
            state.unansweredSince = nil
        }
        throw .failed(.terminal, "step \(step.outline.name) never stops asking")
    }
}

// MARK: - Acting

extension StepRunner {
    private func goOn(
        from context: StepContext, _ state: inout StepState
    ) async throws(StepEnded) {
        guard try await isItself(&state) else { return try await pause(step.poll, state) }
        guard step.edits == .management, let management = situation.management else {
            return try await act(from: context, &state)
        }
        await surroundings.locks.acquire(management.name)
        defer { surroundings.locks.release(management.name) }
        // What was read may have been changed by whoever held the lock before.
        let (observation, fresh) = try await observe(&state)
        guard case .notDone = observation else { return }
        try await act(from: fresh, &state)
    }

    private func act(
        from context: StepContext, _ state: inout StepState
    ) async throws(StepEnded) {
        try leaveIfDraining(at: [.safe, .betweenItems])
        let commands = step.act(context)
        try state.expect(commands, of: step.outline)
        // What an earlier attempt remembered is from before its commands, too.
        if !state.hasActed, state.baseline == nil { state.baseline = step.baseline(context) }
        state.lastRun = []
        for command in commands {
            let result = try await perform(command, &state)
            guard result.succeeded else {
                return try await answer(KubectlFailure(result, of: command), to: command, &state)
            }
            state.actingFailures = 0
        }
        state.lastRun = commands
    }

    func answer(
        _ failure: KubectlFailure, to command: Command, _ state: inout StepState
    ) async throws(StepEnded) {
        try state.count(failure, of: command)
        await surroundings.log.note(failure.words, about: attempt.cluster)
        // At least a second: kubectl refuses to restart a workload twice in one.
        await surroundings.clock.sleep(max(step.poll, .seconds(1)))
    }

    /// The failure, with what was done about it. A run that is halting, too, takes a remedy: the
    /// item at hand is not finished before.
    private func remedied(
        _ failure: Failure, _ context: StepContext, _ state: inout StepState
    ) async throws(StepEnded) -> Failure {
        guard let remedy = step.remedy(context) else { return failure }
        try await checkIdentity(&state)
        for command in remedy.commands {
            let result = try await perform(command, &state)
            guard result.succeeded else {
                let words = KubectlFailure(result, of: command).words
                return Failure(
                    failure.kind, "\(failure.reason); `\(command.purpose)` failed: \(words)")
            }
        }
        return Failure(failure.kind, "\(failure.reason); \(remedy.words)")
    }

    private func perform(
        _ command: Command, _ state: inout StepState
    ) async throws(StepEnded) -> CommandResult {
        let baseline = await baselineToKeep(state, at: surroundings.clock.now())
        (state.hasActed, state.hasOfferedBaseline) = (true, true)
        return try await run(command, keeping: baseline, &state)
    }

    /// Runs a command that changes something, written down before and after.
    func run(
        _ command: Command, keeping baseline: KeptBaseline? = nil, _ state: inout StepState
    ) async throws(StepEnded) -> CommandResult {
        let record = CommandRecord(
            id: attempt.commandID(state.nextOrdinal(), run: situation.run), attempt: attempt,
            command: command, startedAt: surroundings.clock.now())
        try await write { () async throws in
            try await surroundings.log.begin(record, keeping: baseline)
        }
        let result = await surroundings.executor.run(command, id: record.id)
        try await finish(record, result)
        return result
    }

    private func finish(_ record: CommandRecord, _ result: CommandResult) async throws(StepEnded) {
        try await write { () async throws in try await surroundings.log.finish(record, result) }
        await surroundings.executor.acknowledge(record.id, at: record.command.place)
    }

    private func write(_ operation: () async throws -> Void) async throws(StepEnded) {
        do {
            try await operation()
        } catch {
            throw .failed(.inDoubt, "the journal can't be written: \(error)")
        }
    }
}

// MARK: - What was left running

extension StepRunner {
    /// Waits for commands that an earlier coordinator left running on the
    /// cluster, so that nothing is decided while one may still take effect.
    private func takeUpOpenCommands() async throws(StepEnded) {
        let records: [CommandRecord]
        do {
            records = try await surroundings.log.openRecords(of: attempt.cluster)
        } catch {
            throw .failed(.transient, "the journal can't be read: \(error)")
        }
        for record in records where record.attempt != attempt {
            await surroundings.log.note(
                "taking up `\(record.command.purpose)`", about: attempt.cluster)
            try await finish(record, try await takeUp(record))
        }
    }

    private func takeUp(_ record: CommandRecord) async throws(StepEnded) -> CommandResult {
        switch await surroundings.executor.fate(of: record.id, at: record.command.place) {
        case .unknown: CommandResult(.notStarted("its coordinator died before it was started"))
        case .running: await surroundings.executor.run(record.command, id: record.id)
        case .ended(let result): result
        case .lost(let reason): CommandResult(.lost(reason))
        case .unreachable(let reason): throw .failed(.unreachable, reason)
        }
    }
}

/// What has to hold is looked at half-way and at the end, but never more rarely than this.
private let longestHoldPause = Duration.seconds(10)
/// More rounds of reading than any step needs to make up its mind.
private let readRoundLimit = 32

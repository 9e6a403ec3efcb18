import FleetModel

/// A command that mutates, run on a bastion as a durable job.
///
/// One question after the other is asked until the answer is final. Asking to
/// start a job that is known takes it up, and claims are exclusive there: so a
/// question whose answer was lost is simply asked again.
struct RemoteJob: Sendable {
    let id: CommandID
    let command: Command
    /// Whether the bastion has told of it before: an earlier coordinator's, then.
    let isKnown: Bool
    let caller: BastionCaller
    let installer: Installer

    /// A bastion that forgets its script so often isn't worth trying.
    private static let installationLimit = 3

    func run() async -> CommandResult {
        let interruption = Interruption()
        let timer = Task { await overdue(interruption) }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await Task { await follow(interruption) }.value
        } onCancel: {
            interruption.pull(.cancelled)
            Task {
                // Nobody cancels the waiting.
                try? await caller.clock.sleep(for: stopPatience)
                interruption.giveUp()
            }
        }
    }

    /// How long a bastion may take to end a job and say so.
    private var stopPatience: Duration { caller.limits.grace * 2 + caller.limits.patience }

    /// The guard on the bastion keeps the deadline. This is for one that is silent.
    private func overdue(_ interruption: Interruption) async {
        let (limits, clock) = (caller.limits, caller.clock)
        let patience = limits.connectPatience + limits.grace + limits.patience
        do {
            try await clock.sleep(for: command.deadline + patience)
            interruption.pull(.overdue)
            try await clock.sleep(for: stopPatience)
            interruption.giveUp()
        } catch {
            // The job is over, and nobody waits for it any more.
        }
    }

    private func follow(_ interruption: Interruption) async -> CommandResult {
        var progress = JobProgress(
            pause: Pause(limits: caller.limits, chance: caller.chance),
            patience: Patience(caller.limits.connectPatience, on: caller.clock),
            mayHaveStarted: isKnown)
        while true {
            let changes = interruption.changes
            let question = progress.question(interruption.reason)
            let call = Task { await ask(question) }
            let reply = await interruption.perform(since: changes) {
                await call.valueUnlessCancelled
            }
            if let result = await judge(reply, question, &progress, interruption) {
                await seeOff(progress.calls + [call])
                return result
            }
            if reply == nil { progress.calls.append(call) }
        }
    }

    /// What was asked before, and not waited for, ends with the job: on the bastion
    /// too nothing is left then. Or it hangs, and is given up.
    private func seeOff(_ calls: [Task<BastionCaller.Reply, Never>]) async {
        let (linger, clock) = (caller.limits.linger, caller.clock)
        let timer = Task {
            // Fails only when they have all ended.
            guard (try? await clock.sleep(for: linger)) != nil else { return }
            calls.forEach { $0.cancel() }
        }
        for call in calls { _ = await call.value }
        timer.cancel()
    }

    private func ask(_ question: JobQuestion) async -> BastionCaller.Reply {
        let place = JobsPlace(caller.access.bastion.jobsDirectory)
        let words = question.words(id, command, on: caller.access.bastion, caller.limits)
        let stdin = question == .start ? Array((command.stdin ?? "").utf8) : []
        var line = place.line(caller.chance.mark(), words, stdin: stdin)
        line.isUrgent = question == .stop
        return await caller.send(line)
    }

    /// The result when there is nothing left to ask, after a wait when there is.
    private func judge(
        _ reply: BastionCaller.Reply?, _ question: JobQuestion, _ progress: inout JobProgress,
        _ interruption: Interruption
    ) async -> CommandResult? {
        switch reply {
        case .answer(let answer):
            if !answer.killed.isEmpty { caller.ended(id, answer.killed) }
            let answer = JobAnswer(answer, of: command.argv[0], on: caller.access.bastion)
            return await judge(answer, question, &progress, interruption)
        case .cancelled, nil:
            progress.mayHaveStarted = progress.mayHaveStarted || question == .start
            return interruption.isHopeless ? progress.hopeless : nil
        case .lost(_, let trouble):
            progress.mayHaveStarted = progress.mayHaveStarted || question == .start
            return await tryAgain(trouble, &progress, interruption)
        case .notSent(let trouble):
            return await tryAgain(trouble, &progress, interruption)
        }
    }

    private func judge(
        _ answer: JobAnswer, _ question: JobQuestion, _ progress: inout JobProgress,
        _ interruption: Interruption
    ) async -> CommandResult? {
        switch answer.kind {
        case .over(let result): return progress.concluded(stopped(result, interruption))
        case .refused(let reason): return progress.refused(reason)
        case .absent: return await install(&progress, interruption)
        case .unknown where question == .look: return progress.neverStarted(interruption.reason)
        // It was stopped, and had been acknowledged before.
        case .unknown: return CommandResult(.lost("its files are gone from the bastion"))
        case .open:
            progress.mayHaveStarted = true
            guard !interruption.isHopeless else { return progress.hopeless }
            await wait(&progress, interruption)
            return nil
        }
    }

    private func stopped(_ result: CommandResult, _ interruption: Interruption) -> CommandResult {
        guard interruption.reason == .overdue, result.ending == .cancelled else { return result }
        var result = result
        result.ending = .timedOut
        return result
    }

    private func tryAgain(
        _ trouble: SSHTrouble, _ progress: inout JobProgress, _ interruption: Interruption
    ) async -> CommandResult? {
        progress.trouble = trouble
        let isPatient = progress.mayHaveStarted || !progress.patience.isOver
        guard trouble.isPassing, isPatient, !interruption.isHopeless else {
            return progress.hopeless
        }
        if !progress.mayHaveStarted, interruption.reason != nil {
            return progress.neverStarted(interruption.reason)
        }
        await wait(&progress, interruption)
        return nil
    }

    private func wait(_ progress: inout JobProgress, _ interruption: Interruption) async {
        let (length, clock) = (progress.pause.next(), caller.clock)
        // Interrupted is as good as over.
        _ = await interruption.perform(since: interruption.changes) {
            try? await clock.sleep(for: length)
        }
    }

    private func install(
        _ progress: inout JobProgress, _ interruption: Interruption
    ) async -> CommandResult? {
        // Without the script nothing was ever started by it.
        if interruption.reason != nil, !progress.mayHaveStarted {
            return progress.neverStarted(interruption.reason)
        }
        guard progress.installations < Self.installationLimit else {
            return CommandResult(.notStarted("the bastion does not keep the script of its jobs"))
        }
        switch await installer.install() {
        case .done: progress.installations += 1
        case .refused(let reason): return CommandResult(.notStarted(reason))
        case .failed(let trouble): return await tryAgain(trouble, &progress, interruption)
        }
        return nil
    }
}

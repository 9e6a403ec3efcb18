import FleetModel
import Foundation

/// Commands that mutate, run so that neither they nor their outcome get lost.
struct DurableJobs: Sendable {
    let store: JobStore
    let launcher: JobLauncher
    let limits: LocalLimits
    let gate: SpawnGate
    let clock: any Clock<Duration>

    /// Starts the job, or takes up the one already known by that id, and waits
    /// for its end. Cancelling the caller stops the job, not the waiting.
    func run(_ command: Command, tool: String, id: CommandID) async -> CommandResult {
        do {
            try store.prepare(id)
        } catch {
            return CommandResult(.notStarted(error.reason))
        }
        return await withTaskCancellationHandler {
            await Task { await take(command, tool: tool, id: id) }.value
        } onCancel: {
            store.requestStop(of: id)
        }
    }

    /// Only a start waits for room: a job that runs already takes none of ours.
    private func take(_ command: Command, tool: String, id: CommandID) async -> CommandResult {
        guard store.facts(of: id) == nil else {
            return await follow(id, nil, until: command.deadline)
        }
        return await gate.pass {
            let launch = launcher.launch(id, tool: tool, command)
            return await follow(id, launch, until: command.deadline)
        }
    }

    func fate(of id: CommandID) async -> CommandFate {
        let (state, facts) = await settled(id)
        switch state {
        case .unknown: return .unknown
        case .claimed, .running, .orphaned: return .running
        case .abandoned: return .ended(abandoned(facts))
        case .lost: return .lost(JobFacts.lossReason)
        case .ended: return facts.map { fate(of: id, ended: $0) } ?? .unknown
        }
    }

    /// Removes the files of a job that is over; one that runs keeps them.
    func discardIfOver(_ id: CommandID) {
        switch store.look(at: id).state {
        case .ended, .abandoned, .lost:
            if let spill = limits.spillDirectory {
                store.saveOutput(of: id, longerThan: limits.outputKept, in: spill)
            }
            store.discard(id)
        case .unknown, .claimed, .running, .orphaned: break
        }
    }

    private func fate(of id: CommandID, ended facts: JobFacts) -> CommandFate {
        let result = store.result(of: id, facts: facts, limit: limits.outputKept)
        guard case .lost(let reason) = result.ending else { return .ended(result) }
        return .lost(reason)
    }

    private func abandoned(_ facts: JobFacts?) -> CommandResult {
        CommandResult(.notStarted((facts ?? JobFacts(text: "")).abandonment))
    }
}

extension DurableJobs {
    /// How long an empty claim is given to be filled: it is one write away.
    private static let claimPatience: Duration = .seconds(5)

    /// Looks until the job is over. The end of our own launch tells; what another
    /// launched, or its recorder still holds, is polled for.
    private func follow(
        _ id: CommandID, _ launch: Launch?, until deadline: Duration
    ) async -> CommandResult {
        var pace = Pace(clock: clock)
        let patience = deadline + limits.grace + limits.patience
        while true {
            // Asked before looking: what ends in between is seen by the look.
            let launchEnd = launch?.end
            let (state, facts) = store.look(at: id)
            if let result = result(state, facts, launchEnd, id, waited: pace.waited) {
                return result
            }
            if state == .orphaned || pace.waited > patience {
                await putDown(id)
                return lost(id)
            }
            if let launch, launchEnd == nil {
                await pace.wait(forEndOf: launch)
            } else {
                await pace.wait()
            }
        }
    }

    /// The result once it is certain, `nil` while there is something to wait for.
    private func result(
        _ state: JobState, _ facts: JobFacts?, _ launchEnd: Launch.End?, _ id: CommandID,
        waited: Duration
    ) -> CommandResult? {
        switch (state, facts) {
        case (.ended, let facts?):
            store.result(of: id, facts: facts, limit: limits.outputKept)
        case (.abandoned, _): abandoned(facts)
        case (.lost, _): CommandResult(.lost(JobFacts.lossReason))
        // Never judged by our own launch: another's claim may be just being written.
        case (.claimed, _) where waited > Self.claimPatience: abandoned(facts)
        case (.unknown, _): launchEnd.map { CommandResult(.notStarted($0.reason)) }
        default: nil
        }
    }

    /// A look that outwaits the moment between a claim's two system calls.
    private func settled(_ id: CommandID) async -> (state: JobState, facts: JobFacts?) {
        var pace = Pace(clock: clock)
        while true {
            let look = store.look(at: id)
            guard look.state == .claimed else { return look }
            guard pace.waited < Self.claimPatience else { return (.abandoned, look.facts) }
            await pace.wait()
        }
    }

    /// Ends a command whose recorder is gone: TERM, grace, KILL.
    ///
    /// How it would have ended can't be learnt, and it must not go on working
    /// while we say that it is lost. Its guard, if it lives, wakes up when its
    /// timer goes with the command, and does its own part.
    private func putDown(_ id: CommandID) async {
        store.orphans(of: id).forEach { $0.send(SIGTERM) }
        var pace = Pace(clock: clock)
        while pace.waited < limits.grace, !store.orphans(of: id).isEmpty { await pace.wait() }
        store.orphans(of: id).forEach { $0.send(SIGKILL) }
        while pace.waited < limits.grace * 2, isOpen(id) { await pace.wait() }
    }

    private func isOpen(_ id: CommandID) -> Bool {
        ![.ended, .lost, .abandoned].contains(store.look(at: id).state)
    }

    private func lost(_ id: CommandID) -> CommandResult {
        let (state, facts) = store.look(at: id)
        guard state == .ended, let facts else {
            return CommandResult(.lost(JobFacts.lossReason))
        }
        return store.result(of: id, facts: facts, limit: limits.outputKept)
    }
}

public import FleetModel

/// Events as JSON objects, one a line, for `--format json`.
///
/// Keys are stable: a key may be added, none is renamed or changes its meaning.
/// `sequence`, `time` (RFC 3339, UTC) and `event` are always there; what does
/// not apply to an event is left out.
public struct EventJSON: Sendable {
    private let names: PlanNames

    public init(plan: Plan) { names = PlanNames(plan) }

    public func line(_ entry: JournalEntry) -> String {
        var members = facts(of: entry.event)
        members["sequence"] = JSON(entry.sequence)
        members["time"] = JSON(entry.time)
        members["event"] = .string(entry.event.name)
        return JSON.object(members).description
    }

    private func facts(of event: Event) -> [String: JSON] {
        switch event {
        case .waveStarted(let position), .waveSkipped(let position), .wavePassed(let position):
            place(position)
        case .soakStarted(let position, let until):
            place(position).adding(["until": JSON(until)])
        case .waveApproved(let position, let by): place(position).adding(["by": .string(by)])
        case .windowsWaived(let position, let by, let reason):
            place(position).adding(["by": .string(by), "reason": .string(reason)])
        case .identityPinned(let cluster, let uid):
            ["cluster": .string(cluster.rawValue), "uid": .string(uid)]
        case .attemptStarted(let attempt): place(attempt)
        case .attemptFinished(let attempt, let outcome):
            place(attempt).adding(facts(of: outcome))
        case .findingWaived(let attempt, let finding):
            place(attempt).adding([
                "check": .string(finding.check), "found": .string(finding.words),
                "reason": .string(finding.reason),
            ])
        case .runHalting(let halt): ["halt": halt.json, "reason": .string(halt.reason)]
        default: factsOfRun(event)
        }
    }

    private func factsOfRun(_ event: Event) -> [String: JSON] {
        switch event {
        case .runStarted(let by, nil): ["by": .string(by)]
        case .runStarted(let by, let reason?): ["by": .string(by), "reason": .string(reason)]
        case .coordinatorStarted(let epoch, let host, let pid):
            ["epoch": JSON(epoch), "host": .string(host), "pid": JSON(pid)]
        case .runResumed(let by, .retry): ["by": .string(by), "failures": "retry"]
        case .runResumed(let by, .accept(let reason)):
            ["by": .string(by), "failures": "accept", "reason": .string(reason)]
        case .runAborted(let by, let reason): ["by": .string(by), "reason": .string(reason)]
        case .runCompleted(let withExceptions): ["withExceptions": .bool(withExceptions)]
        default: [:]
        }
    }
}

// MARK: - Parts of an event

extension EventJSON {
    private func place(_ position: WavePosition) -> [String: JSON] {
        [
            "phase": .string(names.phase(position.phase)),
            "wave": .string(names.wave(position)),
        ]
    }

    private func place(_ attempt: Attempt) -> [String: JSON] {
        var members: [String: JSON] = [
            "phase": .string(names.phase(attempt.phase)),
            "cluster": .string(attempt.cluster.rawValue),
            "step": .string(names.step(of: attempt)),
            "attempt": JSON(attempt.number),
        ]
        members["wave"] = names.wave(of: attempt.cluster, phase: attempt.phase).map(JSON.string)
        return members
    }

    private func facts(of outcome: Outcome) -> [String: JSON] {
        switch outcome {
        case .succeeded(let changed): ["outcome": "succeeded", "changed": .bool(changed)]
        case .lost: ["outcome": "lost"]
        case .failed(let failure):
            [
                "outcome": "failed", "kind": .string(failure.kind.rawValue),
                "reason": .string(failure.reason),
            ]
        }
    }
}

extension Event {
    /// The event's name, the same in every format.
    var name: String {
        switch self {
        case .runStarted: "runStarted"
        case .coordinatorStarted: "coordinatorStarted"
        case .waveStarted: "waveStarted"
        case .waveSkipped: "waveSkipped"
        case .identityPinned: "identityPinned"
        case .attemptStarted: "attemptStarted"
        case .attemptFinished: "attemptFinished"
        case .findingWaived: "findingWaived"
        case .soakStarted: "soakStarted"
        case .wavePassed: "wavePassed"
        case .waveApproved: "waveApproved"
        case .windowsWaived: "windowsWaived"
        case .runHalting: "runHalting"
        case .runHalted: "runHalted"
        case .runResumed: "runResumed"
        case .runAborted: "runAborted"
        case .runCompleted: "runCompleted"
        }
    }
}

extension [String: JSON] {
    fileprivate func adding(_ other: [String: JSON]) -> [String: JSON] {
        merging(other) { _, new in new }
    }
}

import FleetModel

extension RunSnapshot.State {
    var words: String {
        switch self {
        case .planned: "planned"
        case .awaitingApproval: "waits for approval"
        case .running: "running"
        case .soaking: "soaking"
        case .halting: "halting"
        case .halted: "halted"
        case .aborting: "aborting"
        case .aborted: "aborted"
        case .completed: "complete"
        case .completedWithExceptions: "complete, with exceptions"
        }
    }

    var ink: Ink {
        switch self {
        case .planned: .faint
        case .running, .soaking: .cyan
        case .completed: .green
        case .awaitingApproval, .completedWithExceptions: .yellow
        case .halting, .halted, .aborting, .aborted: .red
        }
    }
}

extension RunSnapshot.WaveView.State {
    var isOver: Bool { self == .passed || self == .skipped }
    var isCurrent: Bool { !isOver && self != .pending }
    var isUnderWay: Bool { self == .rolling || self == .soaking }

    var words: String {
        switch self {
        case .pending: "to come"
        case .awaitingApproval: "waiting for approval"
        case .rolling: "under way"
        case .soaking: "soaking"
        case .passed: "passed"
        case .skipped: "skipped"
        }
    }

    var ink: Ink {
        switch self {
        case .pending, .skipped: .faint
        case .awaitingApproval: .yellow
        case .rolling, .soaking: .cyan
        case .passed: .green
        }
    }

    fileprivate func symbol(_ style: Style) -> String {
        switch self {
        case .pending, .awaitingApproval: style.symbols.waiting
        case .rolling, .soaking: style.symbols.running
        case .passed: style.symbols.done
        case .skipped: style.symbols.nothing
        }
    }
}

extension RunSnapshot {
    /// What the run is about: a rollback has no policy of its own.
    var subject: String {
        rollsBack.map { "\(takeover), rollback of \($0)" } ?? "\(takeover), \(policy)"
    }

    /// Whether nothing moves until an operator says so.
    var standsStill: Bool { state == .halted || state == .aborted }

    /// The sign of a wave or a phase. One that was under way when the run
    /// stopped is not shown as if it still moved.
    func sign(of state: WaveView.State, _ style: Style) -> Line {
        standsStill && state.isUnderWay
            ? Line(style.symbols.failed, .red) : Line(state.symbol(style), state.ink)
    }
}

extension RunSnapshot.ClusterView.State {
    /// Every state, what needs a person first.
    static let byImportance: [Self] = [
        .inDoubt, .quarantined, .failed, .timedOut, .unreachable, .deferred, .running, .waiting,
    ]

    /// What needs a person comes first, then what was left aside, then the rest.
    var rank: Int {
        switch self {
        case .inDoubt, .quarantined, .failed, .timedOut, .unreachable: 0
        case .deferred: 1
        case .running: 2
        case .waiting: 3
        }
    }

    var words: String {
        switch self {
        case .running: "running"
        case .waiting: "waiting"
        case .failed: "failed"
        case .timedOut: "timed out"
        case .unreachable: "unreachable"
        case .inDoubt: "in doubt"
        case .quarantined: "quarantined"
        case .deferred: "left aside"
        }
    }

    /// Whether nothing more happens to the cluster without an operator.
    var isSettled: Bool { rank < 2 }

    /// Whether the symbol does not say it all.
    var needsNaming: Bool {
        switch self {
        case .running, .failed: false
        case .waiting, .timedOut, .unreachable, .inDoubt, .quarantined, .deferred: true
        }
    }

    var ink: Ink {
        switch self {
        case .running: .cyan
        case .waiting: .faint
        case .deferred: .yellow
        case .failed, .timedOut, .unreachable, .inDoubt, .quarantined: .red
        }
    }

    var wordsInk: Ink { rank == 0 ? .red : .faint }

    func symbol(_ style: Style) -> String {
        switch self {
        case .running: style.symbols.running
        case .waiting, .deferred: style.symbols.waiting
        case .failed, .timedOut, .unreachable, .inDoubt, .quarantined: style.symbols.failed
        }
    }
}

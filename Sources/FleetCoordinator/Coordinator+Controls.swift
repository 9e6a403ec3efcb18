public import FleetModel

extension Coordinator {
    /// The fact that an operator's wish becomes, or `nil` when it changes nothing.
    func answer(to control: Control) -> Event? {
        switch (control, motion) {
        case (.halt(let by, let reason), .going):
            isOver ? nil : .runHalting(.requested(by: by, reason: reason))
        case (.halt, _):
            nil
        case (.abort(let by, let reason), .going), (.abort(let by, let reason), .draining):
            isOver ? nil : .runAborted(by: by, reason: reason)
        case (.abort, _):
            nil
        case (.approve(let position, let by), _):
            (position ?? waitingForApproval).map { .waveApproved($0, by: by) }
        case (.waiveWindows(let position, let by, let reason), _):
            .windowsWaived(position, by: by, reason: reason)
        }
    }

    /// The wave that can't start before somebody approves it.
    public var waitingForApproval: WavePosition? {
        guard case .ready(let position?) = stage, plan.wave(at: position).needsApproval,
            !approvedWaves.contains(position), !eligible(at: position).isEmpty
        else { return nil }
        return position
    }

    /// The wave that is next or under way; `nil` when there is none, or it soaks.
    public var waveAtHand: WavePosition? {
        switch stage {
        case .ready(let position): position
        case .rolling(let position): position
        case .soaking, .completed: nil
        }
    }

    private var isOver: Bool {
        if case .completed = stage { true } else { false }
    }
}

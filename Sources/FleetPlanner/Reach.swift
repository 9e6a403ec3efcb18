import FleetModel

/// How far a run came with a cluster, as far as taking it back goes.
public struct Reach: Hashable, Sendable {
    /// Whether anything but a baseline step was begun.
    public let isTouched: Bool
    /// Position of the phase it is in, or was in last.
    public let phase: Int
    /// How many steps of that phase are done.
    public let steps: Int
    /// The UID of its kube-system namespace, if it was seen.
    public let identity: String?

    public init(isTouched: Bool, phase: Int, steps: Int, identity: String?) {
        self.isTouched = isTouched
        self.phase = phase
        self.steps = steps
        self.identity = identity
    }

    /// The first end of the way that lies behind the cluster; `nil` while it can go back.
    func end(among ends: [WayBack.End], in plan: Plan) -> WayBack.End? {
        ends.first { end in
            guard let phase = plan.phases.firstIndex(where: { $0.name == end.phase }),
                let step = plan.phases[phase].steps.firstIndex(where: { $0.name == end.step })
            else { return false }
            return self.phase > phase || (self.phase == phase && steps > step)
        }
    }
}

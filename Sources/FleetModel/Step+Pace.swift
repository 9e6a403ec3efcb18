extension Step {
    /// The step for a cluster that lives so many times faster than the world:
    /// it looks more often, and what must hold need hold for less long.
    public func paced(by speed: Double) -> Step {
        guard speed > 1 else { return self }
        let observe = observe
        return Step(
            outline, timeout: timeout, poll: max(poll / speed, shortestPoll),
            outage: max(outage / speed, shortestOutage), hold: hold, edits: edits,
            preview: preview,
            observe: { context in
                let observation = observe(context)
                guard case .settling(let item, let duration, let fingerprint) = observation
                else { return observation }
                return .settling(item: item, for: duration / speed, fingerprint: fingerprint)
            }, act: act, baseline: baseline, recall: recall, remedy: remedy,
            waived: waived, upkeep: upkeep)
    }
}

extension Cluster {
    /// How many times faster than the world the cluster lives: 1, but for those of a lab.
    public var speed: Double {
        labels[Self.speedLabel].flatMap(Double.init).map { min(max($0, 1), 1_000) } ?? 1
    }

    /// The label by which a lab tells how fast it lives.
    public static let speedLabel = "bellwether.lab/speed"
}

/// A look at a cluster is several commands, so looking more often only takes
/// the processor from the others.
private let shortestPoll = Duration.milliseconds(500)
/// Nor does a machine that is busy with a whole fleet answer in no time.
private let shortestOutage = Duration.seconds(5)

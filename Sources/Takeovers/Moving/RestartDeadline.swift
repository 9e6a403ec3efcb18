import FleetModel

/// How long a workload may be without headway before its restart counts as failed.
///
/// Only Deployments and the like say themselves that they are stuck; a StatefulSet whose image
/// cannot be pulled would be waited for until the step's own time is over. What counts is the
/// last headway and not the restart: a DaemonSet on a hundred nodes needs hours, and is well.
extension Workload {
    /// What its rollout still has to do, or that it is late with that; `nil` when it is through.
    func rest(for move: Move, _ view: ClusterView) throws(Pause) -> Observation? {
        if let defeat { throw try FailedRestart(of: self, by: move, view).end(defeat) }
        guard let wait = wait(for: move) else { return nil }
        guard let headway, view.context.now - headway > deadline else { return .partial(wait) }
        let item = "\(owner): no headway for \(deadline.short)"
        if view.context.settled.contains(item) {
            let words = "\(wait), and nothing has changed for \(deadline.short)"
            throw try FailedRestart(of: self, by: move, view).end(words)
        }
        return .settling(item: item, for: lastChance, fingerprint: headway.rfc3339)
    }

    private var deadline: Duration {
        let own = object?.spec["progressDeadlineSeconds"]?.int ?? 0
        return .seconds(min(max(own, shortestDeadline), longestDeadline))
    }

    /// When it was last told to restart, got a pod, or had one stop being ready.
    ///
    /// A pod that ends may take its grace period, which its moment of deletion includes.
    private var headway: Timestamp? {
        let own = [restartedAt, object?.metadata["creationTimestamp"]?.string]
        return (own + pods.flatMap(\.moments)).compactMap { $0 }
            .compactMap(Timestamp.init(rfc3339:)).max()
    }
}

extension Pod {
    /// One that crashes again and again is ready now and then, which is no headway.
    fileprivate var moments: [String?] {
        let turn = waitingReasons.isEmpty ? object.condition("Ready") : nil
        return [
            object.metadata["creationTimestamp"]?.string,
            object.metadata["deletionTimestamp"]?.string, turn?["lastTransitionTime"]?.string,
        ]
    }
}

/// What Kubernetes gives a Deployment by default, in seconds.
private let shortestDeadline = 600
/// Those that are never to fail say so by the largest number there is.
private let longestDeadline = 86_400
/// A look may fall into the moment between a change and the first pod made for it.
private let lastChance = Duration.seconds(60)

import FleetModel

/// How many pods of the new and the old template a Deployment may have.
struct RollingUpdate: Hashable, Sendable {
    let replicas: Int
    let surge: Int
    let unavailable: Int

    /// Resolves a strategy for as many replicas as the Deployment asks for.
    init(strategy: JSON?, replicas: Int) {
        self.replicas = replicas
        guard strategy?["type"]?.string != "Recreate" else {
            surge = 0
            unavailable = replicas
            return
        }
        let rolling = strategy?["rollingUpdate"]
        surge = Self.resolve(rolling?["maxSurge"], of: replicas, roundsUp: true)
        let most = Self.resolve(rolling?["maxUnavailable"], of: replicas, roundsUp: false)
        // Both zero would never end, so Kubernetes lets one pod go.
        unavailable = min(surge == 0 && most == 0 ? 1 : most, replicas)
    }

    /// A count or a share such as `25%`, which is also what an absent value means.
    private static func resolve(_ value: JSON?, of replicas: Int, roundsUp: Bool) -> Int {
        if let count = value?.int { return max(0, count) }
        let text = value?.string ?? "25%"
        guard text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0 else {
            return Int(text).map { max(0, $0) } ?? 0
        }
        return (replicas * percent + (roundsUp ? 99 : 0)) / 100
    }

    /// What the new ReplicaSet may grow to.
    func newReplicas(current: Int, total: Int) -> Int {
        if current >= replicas { return replicas }
        return min(replicas, current + max(0, replicas + surge - total))
    }

    /// How many pods the old ReplicaSets may lose, while so many of the new template are
    /// not available yet.
    func removable(total: Int, newUnavailable: Int) -> Int {
        max(0, total - (replicas - unavailable) - newUnavailable)
    }

    var leastAvailable: Int { replicas - unavailable }
}

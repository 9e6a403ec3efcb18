import FleetModel

/// A Rollout of Argo and its ReplicaSets during one pass.
///
/// It knows no canary steps: a new template has all its pods at once, and the old ones go when
/// those are ready. A `restartAt` evicts the pods that are older, one at a time (Argo Rollouts,
/// "Restarting Rollout Pods").
struct ArgoRollout {
    static let resource = "rollouts.argoproj.io"
    static let hashKey = "rollouts-pod-template-hash"

    let rollout: JSON
    let newest: JSON?
    let older: [JSON]
    private let hash: String

    init(rollout: JSON, replicaSets: [JSON]) {
        self.rollout = rollout
        let hash = PodFactory.hash(rollout[path: ["spec", "template"]] ?? [:])
        let living = replicaSets.filter { !$0.isTerminating }
        newest = living.first { $0.labels[Self.hashKey] == hash }
        older = living.filter { $0.labels[Self.hashKey] != hash }
        self.hash = hash
    }

    var replicas: Int { rollout[path: ["spec", "replicas"]]?.int ?? 1 }
    var isPaused: Bool { rollout[path: ["spec", "paused"]]?.bool == true }
    private var isUp: Bool { (newest?.count("status", "availableReplicas") ?? 0) >= replicas }

    var isComplete: Bool {
        isUp && older.allSatisfy { $0.count("status", "replicas") == 0 }
    }

    // MARK: - Templates

    func scale(_ scene: inout Scene) {
        guard let newest else {
            if !isPaused { scene.create("replicasets.apps", replicaSet) }
            return
        }
        set(replicas, of: newest, &scene)
        guard isUp else { return }
        for replicaSet in older { set(0, of: replicaSet, &scene) }
    }

    private func set(_ replicas: Int, of replicaSet: JSON, _ scene: inout Scene) {
        guard replicaSet.count("spec", "replicas") != replicas else { return }
        let key = ObjectKey(
            "replicasets.apps", namespace: replicaSet.namespace, name: replicaSet.name)
        scene.update(key) { $0[path: ["spec", "replicas"]] = .int(Int64(replicas)) }
    }

    private var replicaSet: JSON {
        var template = rollout[path: ["spec", "template"]] ?? [:]
        template[path: ["metadata", "labels", Self.hashKey]] = .string(hash)
        var selector = rollout[path: ["spec", "selector"]] ?? [:]
        selector[path: ["matchLabels", Self.hashKey]] = .string(hash)
        var replicaSet = Manifest.make(
            "apps/v1", "ReplicaSet", "\(rollout.name)-\(hash)", in: rollout.namespace,
            labels: template.labels,
            [
                "spec": [
                    "replicas": .int(Int64(replicas)), "selector": selector, "template": template,
                ]
            ])
        replicaSet[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: rollout)]
        return replicaSet
    }

    // MARK: - Restarts

    /// The restart that is asked for and not through.
    var restart: String? {
        let asked = rollout[path: ["spec", "restartAt"]]?.string
        return asked == rollout[path: ["status", "restartedAt"]]?.string ? nil : asked
    }

    /// Evicts the next pod that is older than the restart.
    /// - Returns: whether none is left.
    func evictNext(before restart: LabTime, _ scene: inout Scene) -> Bool {
        guard scene.waits.isOver(restart) else { return false }
        let pods = (older + [newest].compactMap { $0 }).flatMap { scene.pods(of: $0) }
        let old = pods.filter { pod in
            let made = pod[path: ["metadata", "creationTimestamp"]]?.string.flatMap { LabTime($0) }
            return !pod.isFinished && made.map { $0 < restart } ?? false
        }
        guard let next = old.first else { return isComplete }
        guard pods.count == replicas, pods.allSatisfy({ $0.isReady && !$0.isTerminating }) else {
            return false
        }
        // A budget that refuses is asked again when it, or a pod, has changed.
        try? Eviction(store: scene.store, pod: next).take()
        return false
    }
}

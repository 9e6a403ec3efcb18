import FleetModel

/// One Deployment and its ReplicaSets during one pass.
struct Rollout {
    static let revisionKey = "deployment.kubernetes.io/revision"
    private static let hashKey = "pod-template-hash"

    let deployment: JSON
    private(set) var newest: JSON?
    private(set) var older: [JSON]
    let plan: RollingUpdate
    private let hash: String

    init(deployment: JSON, replicaSets: [JSON]) {
        self.deployment = deployment
        hash = PodFactory.hash(deployment[path: ["spec", "template"]] ?? [:])
        let hash = hash
        let living = replicaSets.filter { !$0.isTerminating }
        newest = living.first { $0.labels[Self.hashKey] == hash }
        older = living.filter { $0.labels[Self.hashKey] != hash }
            .sorted { Self.revision(of: $0) < Self.revision(of: $1) }
        plan = RollingUpdate(
            strategy: deployment[path: ["spec", "strategy"]],
            replicas: deployment.count("spec", "replicas"))
    }

    var key: ObjectKey {
        ObjectKey("deployments.apps", namespace: deployment.namespace, name: deployment.name)
    }

    var isPaused: Bool { deployment[path: ["spec", "paused"]]?.bool == true }
    var all: [JSON] { older + (newest.map { [$0] } ?? []) }

    /// Whether every pod is of the new template and available, and none is left over.
    var isComplete: Bool {
        guard let newest else { return false }
        let total = all.reduce(0) { $0 + $1.count("status", "replicas") }
        return newest.count("status", "replicas") == plan.replicas
            && newest.count("status", "availableReplicas") == plan.replicas
            && total == plan.replicas
            && newest.count("status", "observedGeneration") == newest.generation
    }

    private static func revision(of replicaSet: JSON) -> Int {
        replicaSet.annotations[revisionKey].flatMap { Int($0) } ?? 0
    }

    // MARK: - Acting

    /// Sees to it that the ReplicaSet of the current template is there, with the highest revision.
    mutating func prepareNewest(_ scene: inout Scene) {
        let next = String((older.map(Self.revision).max() ?? 0) + 1)
        guard let newest else {
            guard !isPaused else { return }
            self.newest = scene.create("replicasets.apps", replicaSet(revision: next))
            return
        }
        guard Self.revision(of: newest) < (older.map(Self.revision).max() ?? 0) else { return }
        self.newest = scene.update(Self.key(of: newest)) {
            $0[path: ["metadata", "annotations", Self.revisionKey]] = .string(next)
        }
    }

    mutating func scale(_ scene: inout Scene) {
        guard !isPaused || older.allSatisfy({ $0.count("spec", "replicas") == 0 }) else { return }
        if deployment[path: ["spec", "strategy", "type"]]?.string == "Recreate" {
            recreate(&scene)
        } else {
            roll(&scene)
        }
    }

    /// Old ReplicaSets without pods, beyond what the history keeps, are deleted.
    mutating func forgetOldest(_ scene: inout Scene) {
        let limit = deployment[path: ["spec", "revisionHistoryLimit"]]?.int ?? 10
        let empty = older.filter {
            $0.count("spec", "replicas") == 0 && $0.count("status", "replicas") == 0
        }
        for replicaSet in empty.prefix(max(0, empty.count - limit)) {
            scene.delete(Self.key(of: replicaSet))
        }
    }

    private mutating func recreate(_ scene: inout Scene) {
        for index in older.indices { setReplicas(ofOlder: index, 0, &scene) }
        let alive = older.contains { replicaSet in
            replicaSet.count("status", "replicas") > 0 || !scene.pods(of: replicaSet).isEmpty
        }
        if !alive { setNewestReplicas(plan.replicas, &scene) }
    }

    private mutating func roll(_ scene: inout Scene) {
        let total = all.reduce(0) { $0 + $1.count("spec", "replicas") }
        let current = newest?.count("spec", "replicas") ?? 0
        let wanted = plan.newReplicas(current: current, total: total)
        if wanted != current { return setNewestReplicas(wanted, &scene) }
        shrinkOlder(total: total, &scene)
    }

    /// First the old pods that are of no use anyway, then as many as may be missed.
    private mutating func shrinkOlder(total: Int, _ scene: inout Scene) {
        let newAvailable = newest?.count("status", "availableReplicas") ?? 0
        let newUnavailable = (newest?.count("spec", "replicas") ?? 0) - newAvailable
        var budget = plan.removable(total: total, newUnavailable: max(0, newUnavailable))
        for index in older.indices where budget > 0 {
            let replicas = older[index].count("spec", "replicas")
            let useless = replicas - older[index].count("status", "availableReplicas")
            let cut = min(budget, max(0, useless))
            setReplicas(ofOlder: index, replicas - cut, &scene)
            budget -= cut
        }
        let available = all.reduce(0) { $0 + $1.count("status", "availableReplicas") }
        budget = min(budget, max(0, available - plan.leastAvailable))
        for index in older.indices where budget > 0 {
            let replicas = older[index].count("spec", "replicas")
            let cut = min(budget, replicas)
            setReplicas(ofOlder: index, replicas - cut, &scene)
            budget -= cut
        }
    }

    // MARK: - ReplicaSets

    private static func key(of replicaSet: JSON) -> ObjectKey {
        ObjectKey("replicasets.apps", namespace: replicaSet.namespace, name: replicaSet.name)
    }

    private mutating func setNewestReplicas(_ replicas: Int, _ scene: inout Scene) {
        guard let newest else { return }
        self.newest = Self.set(replicas, of: newest, plan, &scene)
    }

    private mutating func setReplicas(ofOlder index: Int, _ replicas: Int, _ scene: inout Scene) {
        older[index] = Self.set(replicas, of: older[index], plan, &scene)
    }

    private static func set(
        _ replicas: Int, of replicaSet: JSON, _ plan: RollingUpdate, _ scene: inout Scene
    ) -> JSON {
        guard replicaSet.count("spec", "replicas") != replicas else { return replicaSet }
        let written = scene.update(key(of: replicaSet)) {
            $0[path: ["spec", "replicas"]] = .int(Int64(replicas))
            $0[path: ["metadata", "annotations", "deployment.kubernetes.io/desired-replicas"]] =
                .string(String(plan.replicas))
            $0[path: ["metadata", "annotations", "deployment.kubernetes.io/max-replicas"]] =
                .string(String(plan.replicas + plan.surge))
        }
        return written ?? replicaSet
    }

    private func replicaSet(revision: String) -> JSON {
        var template = deployment[path: ["spec", "template"]] ?? [:]
        template[path: ["metadata", "labels", Self.hashKey]] = .string(hash)
        var selector = deployment[path: ["spec", "selector"]] ?? [:]
        selector[path: ["matchLabels", Self.hashKey]] = .string(hash)
        var annotations = deployment.annotations
        annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
        annotations[Self.revisionKey] = revision
        var replicaSet = Manifest.make(
            "apps/v1", "ReplicaSet", "\(deployment.name)-\(hash)", in: deployment.namespace,
            labels: template.labels, annotations: annotations,
            ["spec": ["replicas": 0, "selector": selector, "template": template]])
        replicaSet[path: ["metadata", "ownerReferences"]] = [Manifest.reference(to: deployment)]
        return replicaSet
    }
}

import FleetModel

/// The pods of a recording, and the ReplicaSets they belong to, as their controllers would
/// know them again.
///
/// A Deployment knows its newest ReplicaSet by a hash over its template. Recordings have
/// hashes of another cluster, and ReplicaSets without templates, or only as owners of pods.
struct RecordedPods: Sendable {
    private(set) var replicaSets: [JSON] = []
    private(set) var pods: [JSON] = []

    private let store: ClusterStore

    init(_ objects: [JSON], _ store: ClusterStore) {
        self.store = store
        let recordedSets = objects.filter { $0["kind"] == "ReplicaSet" }
        let recordedPods = objects.filter { $0["kind"] == "Pod" }
        var unclaimed = recordedPods
        for deployment in store.list("deployments.apps") {
            guard deployment["status"] != nil else { continue }
            let sets = Self.sets(of: deployment, among: recordedSets, recordedPods)
            let ids = Set(sets.map(\.uid))
            let own = unclaimed.filter {
                ids.contains($0.controllerReference?["uid"]?.string ?? "")
            }
            unclaimed.removeAll { pod in own.contains { $0.uid == pod.uid } }
            add(deployment, sets, own)
        }
        let known = Set(replicaSets.map(\.uid))
        replicaSets += recordedSets.filter {
            !known.contains($0.uid) && $0["spec"]?["template"] != nil
        }
        pods += unclaimed.map(settled)
    }

    // MARK: - Of Deployments

    /// The recorded ones, and those that only its pods tell of.
    private static func sets(
        of deployment: JSON, among recorded: [JSON], _ pods: [JSON]
    ) -> [JSON] {
        var sets = recorded.filter { $0.ownerIDs.contains(deployment.uid) }
        for pod in pods where pod.namespace == deployment.namespace {
            guard let owner = pod.controllerReference, owner["kind"] == "ReplicaSet",
                let name = owner["name"]?.string, let uid = owner["uid"]?.string,
                name.split(separator: "-").dropLast().joined(separator: "-") == deployment.name,
                !sets.contains(where: { $0.uid == uid })
            else { continue }
            var set = Manifest.make("apps/v1", "ReplicaSet", name, in: deployment.namespace)
            set.metadata["uid"] = .string(uid)
            set.metadata["ownerReferences"] = [Manifest.reference(to: deployment)]
            sets.append(set)
        }
        return sets
    }

    private mutating func add(_ deployment: JSON, _ sets: [JSON], _ own: [JSON]) {
        // The newest has the Deployment's template: it has most of the pods, or was made last.
        let ranked = sets.sorted { Self.rank($0, own) < Self.rank($1, own) }
        guard let newest = ranked.last else { return addUnseen(deployment) }
        for set in ranked {
            let template = deployment[path: ["spec", "template"]] ?? [:]
            let isNewest = set.uid == newest.uid
            let hash = isNewest ? PodFactory.hash(template) : PodFactory.hash([.string(set.name)])
            let pods = own.filter { $0.controllerReference?["uid"]?.string == set.uid }
            replicaSets.append(Self.replicaSet(set, deployment, hash, pods.count, isNewest))
            self.pods += pods.map { pod in
                var pod = pod
                pod[path: ["metadata", "labels", Self.hashLabel]] = .string(hash)
                return pod
            }
        }
    }

    private static let hashLabel = "pod-template-hash"

    private static func rank(_ set: JSON, _ pods: [JSON]) -> (Int, String) {
        let count = pods.count { $0.controllerReference?["uid"]?.string == set.uid }
        return (count, set["metadata"]?["creationTimestamp"]?.string ?? "")
    }

    private static func replicaSet(
        _ recorded: JSON, _ deployment: JSON, _ hash: String, _ pods: Int, _ isNewest: Bool
    ) -> JSON {
        var set = recorded
        var template =
            recorded[path: ["spec", "template"]] ?? deployment[path: ["spec", "template"]] ?? [:]
        if isNewest { template = deployment[path: ["spec", "template"]] ?? [:] }
        template[path: ["metadata", "labels", hashLabel]] = .string(hash)
        set[path: ["metadata", "labels"]] = JSON(template.labels)
        set[path: ["spec", "template"]] = template
        set[path: ["spec", "selector"]] = ["matchLabels": JSON(template.labels)]
        set[path: ["spec", "replicas"]] = .int(Int64(pods))
        let number = deployment.annotations[Rollout.revisionKey] ?? "1"
        if isNewest {
            set[path: ["metadata", "annotations", Rollout.revisionKey]] = .string(number)
        }
        return set
    }

    /// A Deployment that says it has pods, of which none was recorded.
    private mutating func addUnseen(_ deployment: JSON) {
        let ready = deployment.count("status", "readyReplicas")
        guard ready > 0 else { return }
        let hash = PodFactory.hash(deployment[path: ["spec", "template"]] ?? [:])
        var set = Manifest.make(
            "apps/v1", "ReplicaSet", "\(deployment.name)-\(hash)", in: deployment.namespace)
        set.metadata["uid"] = .string("\(deployment.uid)-set")
        set.metadata["ownerReferences"] = [Manifest.reference(to: deployment)]
        let made = Self.replicaSet(set, deployment, hash, ready, true)
        replicaSets.append(made)
        for number in 1...ready {
            let pod = PodFactory(owner: made).pod(named: "\(made.name)-\(number)", labels: [:])
            pods.append(settled(pod))
        }
    }

    // MARK: - Of whatever else

    /// The pod, running if nobody wrote down how it was doing.
    private func settled(_ recorded: JSON) -> JSON {
        var pod = recorded
        if pod["status"] == nil {
            let number = Chance.hash(pod.namespace + "/" + pod.name) % 254 + 1
            pod["status"] = PodStatus(
                pod: pod, now: store.clock.now, address: "10.127.0.\(number)"
            ).at(.ready)
        }
        let owner = recorded.controllerReference
        let resource = owner?["kind"] == "StatefulSet" ? "statefulsets.apps" : "daemonsets.apps"
        let key = ObjectKey(
            resource, namespace: recorded.namespace, name: owner?["name"]?.string ?? "")
        guard let set = store.get(key) else { return pod }
        pod[path: ["metadata", "labels", TemplateHistory.label]] =
            .string(TemplateHistory(owner: set).current)
        return pod
    }
}

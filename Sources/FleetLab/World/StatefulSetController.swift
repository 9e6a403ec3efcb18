import FleetModel

/// Creates the pods of StatefulSets in order and replaces them from the last to the first.
struct StatefulSetController: Controller {
    let watches: Set<String> = ["statefulsets.apps", "pods"]

    func reconcile(_ scene: inout Scene) {
        for set in scene.list("statefulsets.apps") where !set.isTerminating {
            guard scene.hasNoticed(set) else { continue }
            TemplateHistory(owner: set).record(&scene)
            advance(set, &scene)
            report(set, &scene)
        }
    }

    // MARK: - Pods

    /// Does one thing at a time: the next pod waits until the one before is well.
    private func advance(_ set: JSON, _ scene: inout Scene) {
        let pods = byOrdinal(set, &scene)
        let replicas = set.count("spec", "replicas")
        let isParallel = set[path: ["spec", "podManagementPolicy"]]?.string == "Parallel"
        for ordinal in 0..<max(0, replicas) {
            guard let pod = pods[ordinal] else {
                create(ordinal, of: set, &scene)
                if isParallel { continue }
                return
            }
            guard isParallel || pod.isReady && !pod.isTerminating else {
                return hurry(pod, ordinal, of: set, &scene)
            }
        }
        if let surplus = pods.keys.filter({ $0 >= replicas }).max(), let pod = pods[surplus] {
            return remove(pod, &scene)
        }
        replaceOldest(pods, of: set, &scene)
    }

    /// A broken pod of an old template doesn't hold up its replacement.
    private func hurry(_ pod: JSON, _ ordinal: Int, of set: JSON, _ scene: inout Scene) {
        guard !pod.isTerminating, !pod.isReady, isReplaced(ordinal, of: set),
            pod.labels[TemplateHistory.label] != TemplateHistory(owner: set).current
        else { return }
        remove(pod, &scene)
    }

    private func replaceOldest(_ pods: [Int: JSON], of set: JSON, _ scene: inout Scene) {
        let current = TemplateHistory(owner: set).current
        for ordinal in pods.keys.sorted(by: >) where isReplaced(ordinal, of: set) {
            guard let pod = pods[ordinal] else { continue }
            if pod.labels[TemplateHistory.label] != current { return remove(pod, &scene) }
            guard pod.isReady, !pod.isTerminating else { return }
        }
    }

    private func isReplaced(_ ordinal: Int, of set: JSON) -> Bool {
        set[path: ["spec", "updateStrategy", "type"]]?.string != "OnDelete"
            && ordinal >= Self.partition(of: set)
    }

    private static func partition(of set: JSON) -> Int {
        set.count("spec", "updateStrategy", "rollingUpdate", "partition")
    }

    private func create(_ ordinal: Int, of set: JSON, _ scene: inout Scene) {
        let history = TemplateHistory(owner: set)
        let former = set[path: ["status", "currentRevision"]]?.string ?? ""
        let name = ordinal < Self.partition(of: set) && !former.isEmpty ? former : history.current
        let template = history.template(named: name, scene)
        let podName = "\(set.name)-\(ordinal)"
        let pod = PodFactory(owner: set, template: template).pod(
            named: podName,
            labels: [
                TemplateHistory.label: name, "statefulset.kubernetes.io/pod-name": podName,
                "apps.kubernetes.io/pod-index": String(ordinal),
            ])
        PodCreation(owner: set, component: "statefulset-controller").create(pod, &scene)
    }

    private func remove(_ pod: JSON, _ scene: inout Scene) {
        guard !pod.isTerminating else { return }
        scene.delete(ObjectKey("pods", namespace: pod.namespace, name: pod.name))
    }

    private func byOrdinal(_ set: JSON, _ scene: inout Scene) -> [Int: JSON] {
        let pairs = scene.pods(of: set).compactMap { pod -> (Int, JSON)? in
            Int(pod.name.dropFirst(set.name.count + 1)).map { ($0, pod) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    // MARK: - Status

    private func report(_ set: JSON, _ scene: inout Scene) {
        let pods = scene.pods(of: set)
        let status = next(
            of: set, pods.filter(\.isActive), hasLeaving: pods.contains(where: \.isTerminating))
        guard status != set["status"] else { return }
        let key = ObjectKey("statefulsets.apps", namespace: set.namespace, name: set.name)
        scene.update(key, status: true) { $0["status"] = status }
    }

    private func next(of set: JSON, _ pods: [JSON], hasLeaving: Bool) -> JSON {
        let update = TemplateHistory(owner: set).current
        let ready = pods.filter(\.isReady).count
        let updated = pods.filter { $0.labels[TemplateHistory.label] == update }.count
        let isDone =
            updated == set.count("spec", "replicas") && ready == updated && !hasLeaving
        let known = set[path: ["status", "currentRevision"]]?.string ?? update
        let current = isDone ? update : known
        let matching = pods.filter { $0.labels[TemplateHistory.label] == current }.count
        var status: JSON = [
            "observedGeneration": .int(Int64(set.generation)), "collisionCount": 0,
            "replicas": .int(Int64(pods.count)), "availableReplicas": .int(Int64(ready)),
            "currentRevision": .string(current), "updateRevision": .string(update),
        ]
        let counts = [
            ("readyReplicas", ready), ("currentReplicas", matching), ("updatedReplicas", updated),
        ]
        for (name, count) in counts where count > 0 { status[name] = .int(Int64(count)) }
        return status
    }
}

import FleetModel

/// Keeps one pod of each DaemonSet on every node.
struct DaemonSetController: Controller {
    let watches: Set<String> = ["daemonsets.apps", "pods", "nodes"]

    func reconcile(_ scene: inout Scene) {
        for set in scene.list("daemonsets.apps") where !set.isTerminating {
            guard scene.hasNoticed(set) else { continue }
            TemplateHistory(owner: set).record(&scene)
            fill(set, &scene)
            replace(set, &scene)
            report(set, &scene)
        }
    }

    private func fill(_ set: JSON, _ scene: inout Scene) {
        let pods = scene.pods(of: set).filter { !$0.isFinished }
        let taken = Set(pods.compactMap { $0[path: ["spec", "nodeName"]]?.string })
        for node in scene.list("nodes").map(\.name) where !taken.contains(node) {
            let hash = TemplateHistory(owner: set).current.dropFirst(set.name.count + 1)
            var pod = PodFactory(owner: set).pod(labels: [TemplateHistory.label: String(hash)])
            pod[path: ["spec", "nodeName"]] = .string(node)
            PodCreation(owner: set, component: "daemonset-controller").create(pod, &scene)
        }
    }

    /// Old pods go as many at a time as may be unavailable.
    private func replace(_ set: JSON, _ scene: inout Scene) {
        guard set[path: ["spec", "updateStrategy", "type"]]?.string != "OnDelete" else { return }
        let pods = scene.pods(of: set).filter { !$0.isFinished }
        let nodes = scene.list("nodes").count
        let strategy = set[path: ["spec", "updateStrategy"]]
        let limit = max(1, RollingUpdate(strategy: strategy, replicas: nodes).unavailable)
        let absent = nodes - pods.filter { $0.isReady && !$0.isTerminating }.count
        let old = pods.filter { $0.isActive && !isCurrent($0, of: set) }
            .sorted { !$0.isReady && $1.isReady || $0.isReady == $1.isReady && $0.name < $1.name }
        var budget = limit - absent
        for pod in old {
            // One that isn't ready is not missed.
            if pod.isReady { budget -= 1 }
            guard budget >= 0 else { return }
            scene.delete(ObjectKey("pods", namespace: pod.namespace, name: pod.name))
        }
    }

    private func isCurrent(_ pod: JSON, of set: JSON) -> Bool {
        "\(set.name)-\(pod.labels[TemplateHistory.label] ?? "")"
            == TemplateHistory(owner: set).current
    }

    private func report(_ set: JSON, _ scene: inout Scene) {
        let pods = scene.pods(of: set).filter(\.isActive)
        let desired = scene.list("nodes").count
        let ready = pods.filter(\.isReady).count
        var status: JSON = [
            "observedGeneration": .int(Int64(set.generation)), "numberMisscheduled": 0,
            "desiredNumberScheduled": .int(Int64(desired)),
            "currentNumberScheduled": .int(Int64(pods.count)), "numberReady": .int(Int64(ready)),
        ]
        let counts = [
            ("numberAvailable", ready), ("numberUnavailable", desired - ready),
            ("updatedNumberScheduled", pods.filter { isCurrent($0, of: set) }.count),
        ]
        for (name, count) in counts where count > 0 { status[name] = .int(Int64(count)) }
        guard status != set["status"] else { return }
        let key = ObjectKey("daemonsets.apps", namespace: set.namespace, name: set.name)
        scene.update(key, status: true) { $0["status"] = status }
    }
}

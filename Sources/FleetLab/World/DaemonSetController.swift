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
        let taken = Set(pods.map(\.nodeName))
        for node in scene.list("nodes").map(\.name) where !taken.contains(node) {
            create(set, on: node, &scene)
        }
    }

    private func create(_ set: JSON, on node: String, _ scene: inout Scene) {
        let hash = TemplateHistory(owner: set).current.dropFirst(set.name.count + 1)
        var pod = PodFactory(owner: set).pod(labels: [TemplateHistory.label: String(hash)])
        pod[path: ["spec", "nodeName"]] = .string(node)
        PodCreation(owner: set, component: "daemonset-controller").create(pod, &scene)
    }

    private func replace(_ set: JSON, _ scene: inout Scene) {
        let strategy = set[path: ["spec", "updateStrategy"]]
        guard strategy?["type"]?.string != "OnDelete" else { return }
        let nodes = scene.list("nodes").count
        if strategy?[path: ["rollingUpdate", "maxSurge"]] != nil {
            let surge = RollingUpdate(strategy: strategy, replicas: nodes).surge
            if surge > 0 { return overlap(set, atMost: surge, &scene) }
        }
        let limit = max(1, RollingUpdate(strategy: strategy, replicas: nodes).unavailable)
        remove(set, atMost: limit, of: nodes, &scene)
    }

    /// Old pods go as many at a time as may be unavailable.
    private func remove(_ set: JSON, atMost limit: Int, of nodes: Int, _ scene: inout Scene) {
        let pods = scene.pods(of: set).filter { !$0.isFinished }
        let absent = nodes - pods.filter { $0.isReady && !$0.isTerminating }.count
        let old = pods.filter { $0.isActive && !isCurrent($0, of: set) }
            .sorted { !$0.isReady && $1.isReady || $0.isReady == $1.isReady && $0.name < $1.name }
        var budget = limit - absent
        for pod in old {
            // One that isn't ready is not missed.
            if pod.isReady { budget -= 1 }
            guard budget >= 0 else { return }
            delete(pod, &scene)
        }
    }

    /// On so many nodes at a time a new pod comes first, and the old one goes once that is ready.
    private func overlap(_ set: JSON, atMost surge: Int, _ scene: inout Scene) {
        let pods = scene.pods(of: set).filter(\.isActive)
        let new = Dictionary(grouping: pods.filter { isCurrent($0, of: set) }, by: \.nodeName)
        var (budget, waiting) = (surge, [JSON]())
        for pod in pods.filter({ !isCurrent($0, of: set) }).sorted(by: { $0.name < $1.name }) {
            switch new[pod.nodeName]?.contains(where: \.isReady) {
            case true?: delete(pod, &scene)
            case false?: budget -= 1
            // One that isn't ready is not waited for.
            case nil where !pod.isReady: create(set, on: pod.nodeName, &scene)
            case nil: waiting.append(pod)
            }
        }
        for pod in waiting.prefix(max(0, budget)) { create(set, on: pod.nodeName, &scene) }
    }

    private func delete(_ pod: JSON, _ scene: inout Scene) {
        scene.delete(ObjectKey("pods", namespace: pod.namespace, name: pod.name))
    }

    private func isCurrent(_ pod: JSON, of set: JSON) -> Bool {
        TemplateHistory(owner: set).isCurrent(pod)
    }

    private func report(_ set: JSON, _ scene: inout Scene) {
        let pods = scene.pods(of: set).filter { !$0.isFinished }
        let nodes = scene.list("nodes").count
        let status = DaemonSetStatus(set: set, pods: pods, nodes: nodes).document
        guard status != set["status"] else { return }
        let key = ObjectKey("daemonsets.apps", namespace: set.namespace, name: set.name)
        scene.update(key, status: true) { $0["status"] = status }
    }
}

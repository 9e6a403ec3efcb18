import FleetModel

/// The workload that was restarted last, looked at alone until it holds.
///
/// To list every pod of a large cluster every few seconds is what API servers are
/// throttled for; a whole look comes before the next restart.
struct RestartWatch {
    let owner: OwnerReference
    let move: Move
    let view: ClusterView

    /// `nil` when nothing was restarted in this attempt, or it has held.
    init?(_ view: ClusterView, _ move: Move) {
        guard let owner = view.context.lastRun.last.flatMap(OwnerReference.init(restartedBy:)),
            !view.context.settled.contains(where: { $0.hasPrefix(Workload.restart(of: owner)) })
        else { return nil }
        (self.owner, self.move, self.view) = (owner, move, view)
    }

    /// What it still waits for; `nil` when only a whole look can tell.
    func pause() throws(Pause) -> Observation? {
        guard let workload = try workload() else { return nil }
        if let wait = try workload.wait(for: move) { return .partial(wait) }
        let proxies = workload.injectedPods.compactMap(\.proxy)
        if proxies.isEmpty { return nil }
        if proxies.contains(where: move.shouldMove) { return try relapse(of: workload) }
        return .settling(
            item: workload.restart, for: move.settings.settle, fingerprint: [workload].fingerprint)
    }

    private func workload() throws(Pause) -> Workload? {
        let paths = [owner.objectPath, APIPath.pods(in: owner.namespace)]
        try view.require(paths)
        guard let object = try view.object(paths[0]) else { return nil }
        let pods = try view.list(paths[1]).map(Pod.init).filter { $0.isAlive && owns($0) }
        return Workload(owner: owner, object: object, pods: pods.sorted { $0.name < $1.name })
    }

    /// A Deployment names its ReplicaSets after itself and the hash of their template, which
    /// their pods carry (Kubernetes, "Deployments: Pod-template-hash label").
    private func owns(_ pod: Pod) -> Bool {
        guard let controller = pod.controller else { return false }
        guard owner.kind == "Deployment" else { return controller == owner }
        let hash = pod.labels["pod-template-hash"] ?? ""
        return controller.kind == "ReplicaSet" && controller.name == "\(owner.name)-\(hash)"
    }

    /// It was restarted and does not look it. Pods and their owner are not read at the same
    /// instant, so this counts only when it lasts.
    private func relapse(of workload: Workload) throws(Pause) -> Observation {
        let labels = Set(workload.injectedPods.compactMap(\.proxy?.label)).sorted()
        let item = "\(workload.owner) was restarted and is still on \(labels.summary)"
        if view.context.settled.contains(item) { throw .terminal(item) }
        return .settling(item: item, for: .seconds(10), fingerprint: "")
    }
}

extension Workload {
    /// What its rollout still waits for; `nil` when none is under way.
    func wait(for move: Move) throws(Pause) -> String? {
        switch rollout {
        case .failed(let reason): throw .terminal("\(owner): \(reason)\(podTroubles)")
        case .waiting(let reason): return "\(owner): \(reason)\(podTroubles)"
        default: return lingering(move)
        }
    }

    /// A pod on its way out still serves with the old sidecar.
    private func lingering(_ move: Move) -> String? {
        let old = pods.count { $0.isTerminating && $0.proxy.map(move.shouldMove) == true }
        return old == 0 ? nil : "\(owner): \(old) old pods are still ending"
    }

    /// Why its pods do not run, to end a sentence with.
    private var podTroubles: String {
        let reasons = Set(pods.flatMap(\.waitingReasons)).sorted()
        return reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
    }

    /// Its last restart by name: the item that has to hold.
    var restart: String { Self.restart(of: owner) + lastRestart }

    static func restart(of owner: OwnerReference) -> String { "\(owner), restarted " }

    var lastRestart: String { restartedAt ?? "never" }
}

extension [Workload] {
    /// Changes when a container restarts or a pod stops being ready. Pods that come
    /// and go with the load do not change it.
    var fingerprint: String {
        let pods = flatMap(\.injectedPods)
        let restarted = pods.filter { $0.restarts > 0 }.map { "\($0.name)=\($0.restarts)" }
        let unready = pods.filter { !$0.isReady }.map { "\($0.name) not ready" }
        return (restarted + unready).sorted().joined(separator: " ")
    }
}

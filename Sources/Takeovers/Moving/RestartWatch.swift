import FleetModel

/// The workload that was restarted last, looked at alone until it holds.
///
/// To list every pod of a large cluster every few seconds is what API servers are
/// throttled for; a whole look comes before the next restart.
struct RestartWatch {
    let owner: OwnerReference
    /// What was done to it.
    let command: Command
    private(set) var move: Move
    let view: ClusterView

    /// `nil` when nothing was restarted in this attempt, or it has held.
    init?(_ view: ClusterView, _ move: Move) {
        guard let command = view.context.lastRun.last,
            let owner = OwnerReference(restartedBy: command),
            !view.context.settled.contains(where: { $0.hasPrefix(Workload.restart(of: owner)) })
        else { return nil }
        (self.owner, self.command, self.move, self.view) = (owner, command, move, view)
    }

    /// What it still waits for; `nil` when only a whole look can tell.
    func rest() throws(Pause) -> Observation? {
        guard let workload = try workload() else { return nil }
        var watch = self
        watch.move = try move.seeing(workload.pods, view)
        return try watch.rest(for: workload)
    }

    private func rest(for workload: Workload) throws(Pause) -> Observation? {
        if let rest = try workload.rest(for: move, view) { return rest }
        if let complaint = complaint(about: workload) { return try relapse(complaint) }
        let proxies = workload.injectedPods.compactMap(\.proxy)
        if proxies.isEmpty || proxies.contains(where: move.shouldMove) { return nil }
        return .settling(
            item: workload.restart, for: move.settings.settle, fingerprint: [workload].fingerprint)
    }

    /// Why what was done last did not help; `nil` when it did.
    private func complaint(about workload: Workload) -> String? {
        let old = labels(of: workload.injectedPods)
        guard !old.isEmpty else { return loss(of: workload) }
        if isTakenBack(workload) {
            let keeper = workload.controller.map { " by \($0), which it belongs to" } ?? ""
            return "\(owner): its restart was taken back\(keeper)"
        }
        guard RestartWay(of: workload).evicts else {
            return "\(owner) was restarted and is still on \(old.summary)"
        }
        return isEviction ? complaint(about: workload.newestPods) : nil
    }

    /// Pods of one template get sidecars or get none, and this one's were seen to get them.
    private func loss(of workload: Workload) -> String? {
        let bare = workload.pods.contains {
            !$0.isTerminating && $0.proxy == nil && !$0.isHostNetwork
        }
        guard bare, !RestartWay(of: workload).evicts else { return nil }
        return "\(owner): came back without a sidecar"
    }

    /// What is wrong with the pod that took the place of the evicted one.
    private func complaint(about newest: [Pod]) -> String? {
        if newest.contains(where: { $0.proxy.map(move.isOnTarget) == true }) { return nil }
        let old = labels(of: newest)
        return "\(owner): the pod that was made anew "
            + (old.isEmpty ? "has no sidecar" : "is on \(old.summary)")
    }

    private func labels(of pods: [Pod]) -> [String] {
        Set(pods.compactMap(\.proxy).filter(move.shouldMove).map(\.label)).sorted()
    }

    private var isEviction: Bool { command.argv.contains("--raw") }

    /// Whether the owner no longer says what we made it say.
    private func isTakenBack(_ workload: Workload) -> Bool {
        // What started a rollout has changed nothing that could be taken back.
        guard !isEviction, owner.kind != "DeploymentConfig" else { return false }
        guard let patch = command.stdin.flatMap({ JSON(parsing: $0) }) else {
            return workload.restartedAt == nil
        }
        return workload.object.map { !$0.contains(patch) } ?? false
    }

    private func workload() throws(Pause) -> Workload? {
        let paths = [owner.objectPath, APIPath.pods(in: owner.namespace)]
        try view.require(paths)
        guard let object = try view.object(paths[0]) else { return nil }
        let pods = try view.list(paths[1]).map(Pod.init).filter { $0.isAlive && owns($0) }
        return Workload(owner: owner, object: object, pods: pods.sorted { $0.name < $1.name })
    }

    /// Deployments and Argo's Rollouts name their ReplicaSets after themselves and the hash of
    /// the template, which the pods carry (Kubernetes, "Pod-template-hash label").
    private func owns(_ pod: Pod) -> Bool {
        guard let controller = pod.controller else { return false }
        if owner.kind == "DeploymentConfig" { return controller.isVersion(of: owner) }
        guard owner.kind == "Deployment" || owner.kind == "Rollout" else {
            return controller == owner
        }
        let labels = ["rollouts-pod-template-hash", "pod-template-hash"]
        let hash = labels.lazy.compactMap { pod.labels[$0] }.first ?? ""
        return controller.kind == "ReplicaSet" && controller.name == "\(owner.name)-\(hash)"
    }

    /// It was restarted and does not look it. Pods and their owner are not read at the same
    /// instant, so this counts only when it lasts.
    private func relapse(_ complaint: String) throws(Pause) -> Observation {
        if view.context.settled.contains(complaint) { throw .terminal(complaint) }
        return .settling(item: complaint, for: .seconds(10), fingerprint: "")
    }
}

extension Workload {
    /// What its rollout still waits for; `nil` when none is under way.
    func wait(for move: Move) -> String? {
        if case .waiting(let reason) = rollout { return "\(owner): \(reason)\(podTroubles)" }
        return outdated ?? lingering(move) ?? trouble.map { "\(owner): \($0)\(podTroubles)" }
    }

    /// That its controller has given its rollout up, and why.
    var defeat: String? {
        guard case .failed(let reason) = rollout else { return nil }
        return "\(owner): \(reason)\(podTroubles)"
    }

    /// Of a DeploymentConfig, what its latest version has not replaced yet.
    private var outdated: String? {
        guard owner.kind == "DeploymentConfig", let version = object?.status["latestVersion"]?.int
        else { return nil }
        let old = pods.count {
            !$0.isTerminating && $0.controller?.name != "\(owner.name)-\(version)"
        }
        return old == 0 ? nil : "\(owner): \(old) pods are not of version \(version) yet"
    }

    /// A pod on its way out still serves with the old sidecar.
    private func lingering(_ move: Move) -> String? {
        let old = pods.count { $0.isTerminating && $0.proxy.map(move.shouldMove) == true }
        return old == 0 ? nil : "\(owner): \(old) old pods are still ending"
    }

    /// Why its pods do not run, to end a sentence with.
    private var podTroubles: String {
        let failure = object?.condition("ReplicaFailure")?["message"]?.nonEmpty
        let reasons = Set(pods.flatMap(\.waitingReasons)).sorted() + (failure.map { [$0] } ?? [])
        return reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
    }

    /// Its last restart by name: the item that has to hold.
    var restart: String { Self.restart(of: owner) + lastRestart }

    static func restart(of owner: OwnerReference) -> String { "\(owner), restarted " }

    /// To find the last one of several.
    var restartOrder: String { lastRestart == "never" ? "" : lastRestart }

    /// Of what is evicted, or rolled without a word in its template, the moment its newest pod
    /// was made.
    var lastRestart: String {
        let way = RestartWay(of: self)
        if way == .eviction || way == .rolloutLatest, let made = newestPods.first?.createdAt {
            return made.rfc3339
        }
        return restartedAt ?? "never"
    }

    /// Of the pods that stay those that were made last; there are several when they are of the
    /// same second.
    var newestPods: [Pod] {
        let staying = pods.filter { !$0.isTerminating }
        let latest = staying.compactMap(\.createdAt).max()
        return staying.filter { $0.createdAt == latest }
    }
}

extension OwnerReference {
    /// Whether it is the ReplicationController that a DeploymentConfig made for one of its
    /// versions: `NAME-3`.
    fileprivate func isVersion(of config: OwnerReference) -> Bool {
        let stem = "\(config.name)-"
        return kind == "ReplicationController" && namespace == config.namespace
            && name.hasPrefix(stem) && Int(name.dropFirst(stem.count)) != nil
    }
}

extension JSON {
    /// Whether everything that a merge patch sets is so.
    fileprivate func contains(_ patch: JSON) -> Bool {
        guard let members = patch.object else { return self == patch }
        return members.allSatisfy { key, value in
            value.isNull ? self[key] == nil : self[key]?.contains(value) == true
        }
    }
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

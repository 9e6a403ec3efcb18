import FleetModel

/// Moves the workloads to the new revision by restarting them, one at a time.
///
/// ```
///   a rollout is under way ──▶ partial
///   old pods are ending ─────▶ partial
///   what moved must hold ────▶ settling
///   next is chosen, its probe answers the new revision ──▶ notDone ──▶ restart it
/// ```
struct RestartWorkloads: StepRecipe {
    static let outline = StepOutline(
        "restart-workloads", title: "restart the workloads, one at a time",
        interrupt: .betweenItems)
    let move: Move
    /// For runbooks that leave a moment in which nobody injects.
    var repair: Repair?

    /// How workloads that came up without a sidecar are told from those that had none.
    struct Repair: Sendable {
        /// What is read for it.
        let paths: [String]
        /// Those that had none before, by their owners' descriptions.
        let spared: @Sendable (ClusterView) throws(Pause) -> Set<String>
    }

    var outline: StepOutline { Self.outline }
    /// Hundreds of workloads take hours; the wave's deadline is the tighter one.
    let patience = Patience(timeout: .minutes(12 * 60), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let queue = try queue(view)
        if let unclear = queue.unclear.first {
            return .unknown("\(unclear.owner) was not found, though it has pods")
        }
        try refuseLosses(queue)
        if let busy = try rolling(queue) { return .partial(busy) }
        guard let next = queue.waiting.first else { return end(of: queue, view) }
        if let pause = try settling(next, queue, view) { return pause }
        try requireInjection(of: next, view)
        return .notDone("\(next.owner) is next, \(queue.waiting.count) to go")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let next = try queue(view).waiting.first else { return [] }
        return [restart(next.owner)]
    }

    private func queue(_ view: ClusterView) throws(Pause) -> RestartQueue {
        try view.require(Workloads.paths + SidecarSelection.paths + (repair?.paths ?? []))
        let selection = try SidecarSelection(view, move)
        return RestartQueue(
            try Workloads(view), for: move, sparing: try repair?.spared(view),
            isSelected: selection.wants)
    }

    /// Nothing is moved while pods would be left on a revision that is to go.
    private func refuseLosses(_ queue: RestartQueue) throws(Pause) {
        guard !move.settings.allowsLeftBehind else { return }
        guard queue.leftBehind.isEmpty else {
            throw .failed(
                Failure(.blocked, "cannot be restarted: \(queue.leftBehindWords.summary)"))
        }
        guard queue.stripped.isEmpty else {
            let names = queue.stripped.map { "\($0.owner)" }
            throw .terminal("came back without a sidecar: \(names.summary)")
        }
    }

    /// What a rollout that has begun still waits for; `nil` when none is under way.
    private func rolling(_ queue: RestartQueue) throws(Pause) -> String? {
        for workload in queue.waiting + queue.moved {
            switch workload.rollout {
            case .failed(let reason):
                throw .terminal("\(workload.owner): \(reason)\(workload.podTroubles)")
            case .waiting(let reason):
                return "\(workload.owner): \(reason)\(workload.podTroubles)"
            default: break
            }
            if let lingering = lingering(workload) { return lingering }
        }
        return nil
    }

    /// A pod on its way out still serves with the old sidecar.
    private func lingering(_ workload: Workload) -> String? {
        let old = workload.pods.filter { pod in
            pod.isTerminating && pod.proxy.map(move.shouldMove) == true
        }
        guard !old.isEmpty else { return nil }
        return "\(workload.owner): \(old.count) old pods are still ending"
    }

    /// Before the next restart, everything that has moved must have held.
    ///
    /// What has settled is this attempt's memory: the item names the workload and
    /// its last restart, so that one which comes back wrong is not restarted again
    /// and again.
    private func settling(
        _ next: Workload, _ queue: RestartQueue, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        let subject = "before the restart of \(next.owner)"
        let item = "\(subject), last restarted \(next.restartedAt ?? "never")"
        if view.context.settled.contains(item) { return nil }
        if view.context.settled.contains(where: { $0.hasPrefix("\(subject), ") }) {
            return try relapse(of: next, view)
        }
        let hold = queue.moved.isEmpty ? Duration.zero : move.settings.settle
        return .settling(item: item, for: hold, fingerprint: queue.moved.fingerprint)
    }

    /// It was restarted in this attempt and does not look it.
    ///
    /// Pods and their owner are not read at the same instant, so this counts only
    /// when it lasts.
    private func relapse(of workload: Workload, _ view: ClusterView) throws(Pause) -> Observation {
        let labels = Set(workload.injectedPods.compactMap(\.proxy?.label)).sorted()
        let item = "\(workload.owner) was restarted and is still on \(labels.summary)"
        if view.context.settled.contains(item) { throw .terminal(item) }
        return .settling(item: item, for: .seconds(10), fingerprint: "")
    }

    private func end(of queue: RestartQueue, _ view: ClusterView) -> Observation {
        let words = "\(queue.moved.count) workloads are on \(move.revision) \(move.version)"
        let item = "all workloads moved"
        guard !view.context.hasActed || view.context.settled.contains(item) else {
            return .settling(
                item: item, for: move.settings.settle, fingerprint: queue.moved.fingerprint)
        }
        let stay = queue.leftBehindWords + queue.waived.map { "\($0.owner) (waived)" }
        guard !stay.isEmpty else { return .done(words) }
        return .done("\(words); left behind: \(stay.summary)")
    }

    /// A restart is in vain, or worse, unless new pods of this very template go
    /// to the new revision.
    private func requireInjection(of next: Workload, _ view: ClusterView) throws(Pause) {
        let probe = probe(of: next)
        let answer = InjectionProbe.answer(try view.result(of: probe.reading(move.kubectl)))
        if case .injected(let proxy) = answer, move.isOnTarget(proxy) { return }
        let words = "a new pod of \(next.owner) \(answer.description)"
        if case .refused = answer { throw .unclear(words) }
        throw .terminal("\(words), not by \(move.revision) \(move.version)")
    }

    private func probe(of workload: Workload) -> InjectionProbe {
        let template = workload.object?.template ?? .null
        let annotations = template.annotations.filter { $0.key == "sidecar.istio.io/inject" }
        return InjectionProbe(
            namespace: workload.owner.namespace, labels: template.labels, annotations: annotations)
    }

    private func restart(_ owner: OwnerReference) -> Command {
        move.kubectl.change(
            ["-n", owner.namespace, "rollout", "restart", owner.resource],
            purpose: "restart \(owner)")
    }

    var preview: StepPreview {
        let owner = OwnerReference(kind: "<kind>", namespace: "<namespace>", name: "<name>")
        let probe = InjectionProbe(namespace: owner.namespace, labels: ["<label>": "<value>"])
        return StepPreview(
            reads: .paths(Workloads.paths + SidecarSelection.paths) + [probe.reading(move.kubectl)],
            acts: [restart(owner)],
            proof: "every pod with an injected sidecar runs \(move.revision) \(move.version), is "
                + "ready, and was not restarted for \(move.settings.settle.short)")
    }
}

extension Workload {
    /// Why its pods do not run, to end a sentence with.
    fileprivate var podTroubles: String {
        let reasons = Set(pods.flatMap(\.waitingReasons)).sorted()
        return reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
    }
}

extension [Workload] {
    /// Changes when a container restarts or a pod stops being ready. Pods that come
    /// and go with the load do not change it.
    fileprivate var fingerprint: String {
        let pods = flatMap(\.injectedPods)
        let restarted = pods.filter { $0.restarts > 0 }.map { "\($0.name)=\($0.restarts)" }
        let unready = pods.filter { !$0.isReady }.map { "\($0.name) not ready" }
        return (restarted + unready).sorted().joined(separator: " ")
    }
}

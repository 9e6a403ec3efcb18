import FleetModel

/// Moves the workloads to the new revision by restarting them, one at a time.
///
/// ```
///   next is chosen, its probe answers the new revision ──▶ notDone ──▶ restart it
///   a rollout is under way ──▶ partial
///   old pods are ending ─────▶ partial
///   what moved must hold ────▶ settling
///   a rollout has failed ────▶ failed ──▶ undo it, where that helps
///   none is left ────────────▶ the new istiods are asked whom they serve ──▶ done
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
        if let watch = RestartWatch(view, move), let rest = try watch.rest() { return rest }
        return try seeing(view).look(view)
    }

    /// The step, which knows every sidecar for what it is.
    private func seeing(_ view: ClusterView) throws(Pause) -> RestartWorkloads {
        try view.require(paths)
        let pods = try view.pods()
        return RestartWorkloads(move: try move.seeing(pods, view), repair: repair)
    }

    private func look(_ view: ClusterView) throws(Pause) -> Observation {
        let queue = try queue(view)
        if let unclear = queue.unclear.first {
            return .unknown("\(unclear.owner) was not found, though it has pods")
        }
        try refuseLosses(queue)
        if let rest = try rolling(queue, view) { return rest }
        guard let next = queue.waiting.first else { return try end(of: queue, view) }
        if let rest = settling(queue, view) { return rest }
        let isPinned = queue.isPinned(next)
        try requireInjection(of: next, asking: isPinned, view)
        if let wait = try budget(against: next, isPinned, view) { return .partial(wait) }
        return .notDone("\(next.owner) is next, \(progress(of: queue))")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try seeing(view).next(view)
    }

    private func next(_ view: ClusterView) throws(Pause) -> [Command] {
        let queue = try queue(view)
        guard let next = queue.waiting.first,
            let act = next.nextAct(
                for: move, isPinned: queue.isPinned(next), at: view.context.now)
        else { return [] }
        return [act.command(for: next.owner, move.kubectl)]
    }

    /// What disruption budgets have against the next restart now; `nil` when it may begin.
    private func budget(
        against next: Workload, _ isPinned: Bool, _ view: ClusterView
    ) throws(Pause) -> String? {
        let act = next.nextAct(for: move, isPinned: isPinned, at: view.context.now)
        let budgets = try EvictionBudgets(view)
        guard case .evict(let pod)? = act else {
            return budgets.brokenOne(over: next.pods).map { "\(next.owner): \($0)" }
        }
        let answer = budgets.answer(to: pod)
        if case .never(let reason) = answer { throw .terminal("\(next.owner): \(reason)") }
        if case .later(let reason) = answer { return "\(next.owner): \(reason)" }
        return nil
    }

    func queue(_ view: ClusterView) throws(Pause) -> RestartQueue {
        try view.require(paths)
        let selection = try SidecarSelection(view, move)
        return RestartQueue(
            try Workloads(view), for: move, sparing: try repair?.spared(view),
            staying: { move.isBack && selection.asks($0, for: move.old) && !$0.wasTold(by: move) },
            selection: selection)
    }

    private var paths: [String] {
        Workloads.paths + SidecarSelection.paths + (repair?.paths ?? [])
    }

    /// Nothing is moved while pods would be left on a revision that is to go.
    private func refuseLosses(_ queue: RestartQueue) throws(Pause) {
        // On the way back the revision that is left stays, and they with it.
        let mayStay = move.isBack || move.settings.allowsLeftBehind
        guard mayStay || queue.leftBehind.isEmpty else {
            throw .failed(
                Failure(.blocked, "cannot be restarted: \(queue.leftBehindWords.summary)"))
        }
        guard queue.stripped.isEmpty else {
            let names = queue.stripped.map { "\($0.owner)" }
            throw .terminal(
                "came back without a sidecar: \(names.summary); name in `waived` what is meant to "
                    + "have none")
        }
    }

    /// What a rollout that has begun still waits for; `nil` when none is under way.
    private func rolling(
        _ queue: RestartQueue, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        for workload in queue.waiting + queue.moved {
            if let rest = try workload.rest(for: move, view) { return rest }
        }
        return nil
    }

    private func progress(of queue: RestartQueue) -> String {
        let left = queue.waiting.count
        let pace = RestartPace(queue.moved, settle: move.settings.settle)
        return "\(left) of \(left + queue.moved.count) to go, about \(pace.time(for: left)) left"
    }

    /// Before the next restart, and before the end, what has moved must have held: in this
    /// attempt, or nobody knows for how long it did.
    private func settling(_ queue: RestartQueue, _ view: ClusterView) -> Observation? {
        guard let last = queue.moved.max(by: { $0.restartOrder < $1.restartOrder }),
            !view.context.settled.contains(last.restart)
        else { return nil }
        return .settling(
            item: last.restart, for: move.settings.settle, fingerprint: queue.moved.fingerprint)
    }

    private func end(of queue: RestartQueue, _ view: ClusterView) throws(Pause) -> Observation {
        if view.context.hasActed, let rest = settling(queue, view) { return rest }
        let words = "\(queue.moved.count) workloads are on \(move.target)"
        let jobs = queue.ending.map { "\($0.owner)" }
        let mayStay = move.isBack || move.settings.allowsLeftBehind
        guard jobs.isEmpty || mayStay else {
            return .partial(
                "\(words); no Job is restarted, so its end is waited for: \(jobs.summary)")
        }
        switch try MovedConnections(of: queue.moved, by: move, view).verdict() {
        case .open(let observation): return observation
        case .closed(let proof):
            let stay = queue.leftBehindWords + jobs + queue.waived.map { "\($0.owner) (waived)" }
            guard !stay.isEmpty else { return .done(words + proof) }
            return .done("\(words)\(proof); left behind: \(stay.summary)")
        }
    }

    /// A restart is in vain, or worse, unless new pods of this very template go
    /// to the new revision.
    private func requireInjection(
        of next: Workload, asking isPinned: Bool, _ view: ClusterView
    ) throws(Pause) {
        var probe = probe(of: next)
        if isPinned { probe.labels[IstioLabel.revision] = move.revision.rawValue }
        let answer = try move.answer(to: probe, of: next.object?.template ?? .null, view)
        if case .injected(let proxy) = answer, move.isOnTarget(proxy) { return }
        let words = "a new pod of \(next.owner) \(answer.description)"
        if case .refused = answer { throw .unclear(words) }
        throw .terminal("\(words), not by \(move.target)")
    }

    private func probe(of workload: Workload) -> InjectionProbe {
        let template = workload.object?.template ?? .null
        let annotations = template.annotations.filter { $0.key == "sidecar.istio.io/inject" }
        return InjectionProbe(
            namespace: workload.owner.namespace, labels: template.labels, annotations: annotations)
    }

    var preview: StepPreview {
        let owner = OwnerReference(kind: "<kind>", namespace: "<namespace>", name: "<name>")
        let probe = InjectionProbe(namespace: owner.namespace, labels: ["<label>": "<value>"])
        return StepPreview(
            reads: .paths(Workloads.paths + SidecarSelection.paths)
                + [probe.reading(move.kubectl)] + MovedConnections.previewed(move),
            acts: RestartAct.preview(on: owner, move),
            remedies: move.settings.failedRollout == .leave
                ? [] : [RestartAct.undo(revision: "<revision>").command(for: owner, move.kubectl)],
            proof: "every pod with an injected sidecar runs \(move.target), is "
                + "ready, and was not restarted for \(move.settings.settle.short)"
                + (MovedConnections.previewed(move).isEmpty
                    ? "" : "; where istiod may be asked, it serves them"),
            compensation: move.isBack ? [] : RestartAct.preview(on: owner, move))
    }
}

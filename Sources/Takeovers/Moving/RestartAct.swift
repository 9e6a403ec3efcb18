import FleetModel

/// One thing done to a workload that brings pods of it to another revision.
enum RestartAct: Hashable, Sendable {
    /// `kubectl rollout restart`.
    case restart
    /// The same by a patch that says when, so that it can be told whether somebody took it back.
    case mark(String)
    /// For an Argo Rollout, whose controller evicts every pod that is older.
    case restartAt(String)
    /// The template is given another revision to ask for, by which it rolls, too. What it asked
    /// for before is noted in it, so that a way back finds it; on that the note is taken off.
    case ask(Revision, before: Revision?)
    /// `oc rollout latest`, of the template as it is: without `--again` a newer image would come
    /// along, if its triggers know one.
    case rollAgain
    /// One pod is evicted; the budgets that cover it are kept.
    case evict(Pod)
    /// The template is made what it was in a revision of its history.
    case undo(revision: String)
}

extension RestartAct {
    func command(for owner: OwnerReference, _ kubectl: Kubectl) -> Command {
        switch self {
        case .restart:
            kubectl.change(
                ["-n", owner.namespace, "rollout", "restart", owner.resource],
                purpose: purpose(owner))
        case .mark(let time):
            merge(
                ["annotations": [Workload.restartAnnotation: .string(time)]], owner, kubectl)
        case .ask(let revision, let before):
            merge(
                [
                    "labels": [IstioLabel.revision: .string(revision.rawValue)],
                    "annotations": [Self.note: before.map { .string($0.rawValue) } ?? .null],
                ], owner, kubectl)
        case .restartAt(let time):
            kubectl.merge(
                owner.type, owner.name, in: owner.namespace,
                with: ["spec": ["restartAt": .string(time)]], purpose: purpose(owner))
        case .rollAgain:
            OpenShiftClient(cluster: kubectl.cluster).change(
                ["-n", owner.namespace, "rollout", "latest", "dc/\(owner.name)", "--again"],
                purpose: purpose(owner))
        case .evict(let pod): kubectl.evict(pod, purpose: purpose(owner))
        case .undo(let revision):
            kubectl.change(
                [
                    "-n", owner.namespace, "rollout", "undo", owner.resource,
                    "--to-revision=\(revision)",
                ], purpose: purpose(owner))
        }
    }

    private func merge(
        _ metadata: JSON, _ owner: OwnerReference, _ kubectl: Kubectl
    ) -> Command {
        kubectl.merge(
            owner.type, owner.name, in: owner.namespace,
            with: ["spec": ["template": ["metadata": metadata]]], purpose: purpose(owner))
    }

    /// Where a template keeps what it asked for before we changed it.
    static let note = "bellwether/asked-for"

    /// One command of each way, as they would be run on owners of the kinds that have it.
    static func preview(on owner: OwnerReference, _ move: Move) -> [Command] {
        let pod = Pod([
            "metadata": [
                "name": "<pod>", "namespace": .string(owner.namespace), "uid": "<uid>",
            ]
        ])
        let rollout = OwnerReference(kind: "Rollout", namespace: owner.namespace, name: owner.name)
        let acts: [RestartAct] =
            [.restart] + (move.old == move.revision ? [] : [.asking(move)]) + [.evict(pod)]
        return (acts + (move.settings.isOpenShift ? [.rollAgain] : []))
            .map { $0.command(for: owner, move.kubectl) }
            + [RestartAct.restartAt("<now>").command(for: rollout, move.kubectl)]
    }

    fileprivate static func asking(_ move: Move) -> RestartAct {
        .ask(move.revision, before: move.isBack ? nil : move.old)
    }

    /// Ends with the owner, by which a later look finds it: see ``RestartWatch``.
    private func purpose(_ owner: OwnerReference) -> String {
        switch self {
        case .restart, .mark, .restartAt, .rollAgain: "restart \(owner)"
        case .ask(let revision, _): "restart on \(revision) \(owner)"
        case .evict(let pod): "restart pod \(pod.name) of \(owner)"
        case .undo: "undo the restart of \(owner)"
        }
    }
}

extension OwnerReference {
    /// What a command of ``RestartAct`` restarts.
    init?(restartedBy command: Command) {
        let words = command.purpose.split(separator: " ")
        guard words.count > 2, words[0] == "restart" else { return nil }
        let path = words[words.count - 1].split(separator: "/").map(String.init)
        guard path.count == 2 else { return nil }
        self.init(kind: String(words[words.count - 2]), namespace: path[0], name: path[1])
    }
}

extension Workload {
    /// What to do next to bring its pods to where the move wants them; `isPinned` says that its
    /// template asks for the old revision.
    func nextAct(for move: Move, isPinned: Bool, at now: Timestamp) -> RestartAct? {
        if isPinned { return .asking(move) }
        let old = stragglers(move)
        switch RestartWay(of: self) {
        case .rollout: return rolling(at: now)
        case .restartAt: return .restartAt(restartTime(at: now))
        case .rolloutThenEviction where old.contains(where: isCurrent): return rolling(at: now)
        case .rolloutThenEviction, .eviction: return old.first.map(RestartAct.evict)
        case .rolloutLatest: return .rollAgain
        case .never, .unknown: return nil
        }
    }

    private func rolling(at now: Timestamp) -> RestartAct {
        controller == nil ? .restart : .mark(now.rfc3339)
    }

    /// Argo leaves pods alone that are younger than the time given, by the cluster's clock.
    private func restartTime(at now: Timestamp) -> String {
        let youngest = pods.compactMap(\.createdAt).max() ?? now
        return max(now, youngest + .seconds(1)).rfc3339
    }

    /// Pods that are not where the move wants them, in the order in which they are replaced:
    /// of a StatefulSet the highest ordinal first.
    private func stragglers(_ move: Move) -> [Pod] {
        let old = pods.filter { pod in
            !pod.isTerminating && (pod.proxy.map(move.shouldMove) ?? !pod.isHostNetwork)
        }
        guard owner.kind == "StatefulSet" else { return old }
        return old.sorted { ($0.ordinal, $0.name) > ($1.ordinal, $1.name) }
    }

    /// Whether a pod was made from the template as it is now, as far as restarts go: a template
    /// that no pod was made from yet has been restarted already.
    private func isCurrent(_ pod: Pod) -> Bool {
        let template = object?.template ?? .null
        let annotation = Self.restartAnnotation
        return pod.object.annotations[annotation] == template.annotations[annotation]
            && pod.labels[IstioLabel.revision] == template.labels[IstioLabel.revision]
    }
}

extension Pod {
    /// Whether a move told its template to ask for another revision than the one it asked for,
    /// which the way back of that move leads to.
    func wasTold(by back: Move) -> Bool {
        object.annotations[RestartAct.note] == back.revision.rawValue
    }

    /// Its place in its StatefulSet.
    fileprivate var ordinal: Int { name.split(separator: "-").last.flatMap { Int($0) } ?? -1 }
}

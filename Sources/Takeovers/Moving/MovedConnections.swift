import FleetModel

/// Whether the new control plane says itself that it serves the pods that were moved to it
/// (`/debug/syncz`).
///
/// A sidecar that has lost its istiod goes on with what it was told last and looks well until
/// something changes. But proxies connect anew every half hour (istiod's
/// `keepaliveMaxServerConnectionAge`), and pods come and go between two readings: of thousands
/// some are always missing. So those count that are missing at two looks.
///
/// It is more than the API server tells, and no more than that. Where istiod does not say whom it
/// serves, the move ends without it.
///
/// ```
///   nobody to ask ─────────────────────────────▶ closed
///   asked ──▶ no answer, or one of no use ─────▶ closed
///        ├──▶ all are listed ──────────────────▶ closed
///        └──▶ some are not ──▶ partial ──▶ asked again
/// ```
struct MovedConnections {
    let move: Move
    let view: ClusterView
    private let pods: [Pod]

    enum Verdict: Hashable {
        case open(Observation)
        /// With what to end the words of the step that is done.
        case closed(String)
    }

    init(of workloads: [Workload], by move: Move, _ view: ClusterView) {
        (self.move, self.view) = (move, view)
        // A pod that is not ready has its owner waited for.
        pods = workloads.flatMap(\.injectedPods).filter {
            $0.isReady && $0.proxy.map(move.isOnTarget) == true && !move.settings.isWaived($0)
        }
    }

    /// Whoever goes back does so because something is wrong: nothing more keeps them.
    func verdict() throws(Pause) -> Verdict {
        guard !pods.isEmpty, !move.isBack else { return .closed("") }
        guard move.settings.asksIstiod else { return .closed(alone("askIstiod is off")) }
        if let words = view.note(.told) { return .closed(words) }
        let istiods = try view.pods().filter { $0.isIstiod(of: move.revision) }
        guard !istiods.isEmpty else {
            return .closed(alone("no istiod of \(move.revision) runs here"))
        }
        return try verdict(asking: istiods)
    }

    /// A question without an answer never reaches a step: the runner looks again, and so would
    /// we for hours. That one was asked at an earlier look is all there is of it.
    private func verdict(asking istiods: [Pod]) throws(Pause) -> Verdict {
        let moment = view.context.now.rfc3339
        guard let asked = view.note(.asked) else { return .open(.noting(.asked, moment)) }
        guard asked == moment || view.note(.missing) != nil else {
            return told(alone("its istiods have not answered"))
        }
        let answers = try SyncAnswers(of: istiods, view, move)
        let served = ServedPods(answers.reports)
        let missing = pods.filter { !served.contains($0) }.map(\.object.qualifiedName)
        if missing.isEmpty { return told(Self.confirmation) }
        if let silence = silence(answers, istiods) { return told(alone(silence)) }
        return verdict(missing: missing)
    }

    private func verdict(missing: [String]) -> Verdict {
        guard let earlier = view.note(.missing) else {
            return .open(.noting(.missing, missing.joined(separator: " ")))
        }
        let before = Set(earlier.split(separator: " ").map(String.init))
        let still = missing.filter(before.contains)
        guard !still.isEmpty else { return told(Self.confirmation) }
        return .open(
            .partial(
                "the workloads are on \(move.target), but none of its istiods says that it serves "
                    + still.summary))
    }

    /// Why those that are missing may be served all the same; `nil` when nobody can serve them.
    private func silence(_ answers: SyncAnswers, _ istiods: [Pod]) -> String? {
        if let words = answers.refusal ?? answers.troubles.first { return words }
        if let unready = istiods.first(where: { !$0.isReady }) {
            return "\(unready.name) is not ready"
        }
        let isNameless = answers.reports.contains { $0.nameless > 0 }
        return isNameless ? "its istiods do not name everybody" : nil
    }

    /// What a plan can show of it.
    static func previewed(_ move: Move) -> [Reading] {
        guard move.settings.asksIstiod, !move.isBack else { return [] }
        return [SyncAnswers.question(to: "<new istiod>", of: move)]
    }

    private func told(_ words: String) -> Verdict { .open(.noting(.told, words)) }

    private func alone(_ reason: String) -> String { " (by the API server alone: \(reason))" }

    private static let confirmation = " (its istiods say so, too)"
}

/// The pods that istiods say they serve. In a mesh of several clusters two StatefulSets may have
/// pods of one name.
private struct ServedPods {
    /// The clusters of those of a name.
    private var clusters: [String: [String?]] = [:]
    private var known: Set<String> = []

    init(_ reports: [SyncReport]) {
        for connection in SyncReport.all(of: reports) {
            clusters["\(connection.namespace)/\(connection.pod)", default: []]
                .append(connection.cluster)
            if let cluster = connection.cluster { known.insert(cluster) }
        }
    }

    func contains(_ pod: Pod) -> Bool {
        guard let clusters = clusters[pod.object.qualifiedName] else { return false }
        // An istiod may know a cluster by another name than its proxies do.
        guard let own = pod.meshCluster, known.contains(own) else { return true }
        return clusters.contains { $0 == nil || $0 == own }
    }
}

/// What a look leaves for those after it in the same attempt.
private enum Note: String {
    case asked = "asked istiod at "
    case missing = "not named by istiod: "
    case told = "told by istiod: "
}

extension Observation {
    /// An item that need not hold is settled at once, and stays so until something is changed.
    fileprivate static func noting(_ note: Note, _ words: String) -> Observation {
        .settling(item: note.rawValue + words, for: .zero, fingerprint: "")
    }
}

extension ClusterView {
    fileprivate func note(_ note: Note) -> String? {
        context.settled.filter { $0.hasPrefix(note.rawValue) }.min()
            .map { String($0.dropFirst(note.rawValue.count)) }
    }
}

extension Pod {
    /// What its proxy tells istiod that its cluster is called; `nil` when nothing says.
    fileprivate var meshCluster: String? {
        let containers = object.spec.items("initContainers") + object.spec.items("containers")
        return containers.first { $0["name"]?.string == "istio-proxy" }?
            .environment("ISTIO_META_CLUSTER_ID").flatMap { $0.isEmpty ? nil : $0 }
    }
}

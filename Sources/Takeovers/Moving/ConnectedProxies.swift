import FleetModel

/// The proxies that the old istiods say are connected to them (`/debug/syncz`).
///
/// They know what the API server does not: proxies of virtual machines and of other clusters,
/// and pods that look like the new revision's and are not. Asking takes the right to enter
/// pods, which not everybody has.
struct ConnectedProxies: Sendable {
    /// What the API server's pods do not account for.
    let strangers: [String]
    /// Why nobody could be asked; `nil` when every old istiod has answered.
    let silence: String?

    /// Only who may not ask is excused from it: an istiod that does not answer may know of a
    /// proxy. Those that others have named count all the same.
    init(_ view: ClusterView, of move: Move) throws(Pause) {
        guard move.settings.asksIstiod else {
            (strangers, silence) = ([], "askIstiod is off")
            return
        }
        let pods = try view.pods()
        let istiods = pods.filter { $0.isIstiod(of: move.old) }
        let answers = try SyncAnswers(of: istiods, view, move)
        strangers = try Self.strangers(in: answers.reports, pods, view, move)
        if strangers.isEmpty, let trouble = answers.troubles.first { throw .unclear(trouble) }
        silence = istiods.isEmpty ? "no istiod of \(move.old) runs" : answers.refusal
    }

    /// Throws as long as an istiod names a proxy that nobody accounts for; connections may
    /// outlive their pods by a moment.
    func requireNone() throws(Pause) {
        guard strangers.isEmpty else { throw .unclear(words) }
    }

    var words: String { "istiod still serves \(strangers.summary)" }

    private static func strangers(
        in reports: [SyncReport], _ pods: [Pod], _ view: ClusterView, _ move: Move
    ) throws(Pause) -> [String] {
        let expected = try expected(pods, view, move)
        let nameless = reports.reduce(0) { $0 + $1.nameless }
        return SyncReport.all(of: reports).map { "\($0.namespace)/\($0.pod)" }
            .filter { !expected.contains($0) && !move.settings.isWaived($0) }.sorted()
            + (nameless > 0 ? ["\(nameless) without a name"] : [])
    }

    /// Those that may be connected: gateways that go with the old revision, and what has ended
    /// or is about to.
    private static func expected(
        _ pods: [Pod], _ view: ClusterView, _ move: Move
    ) throws(Pause) -> Set<String> {
        let doomed = try DoomedGateways(view, for: move)
        let names = pods.filter {
            doomed.contains($0) || !$0.isAlive || $0.isTerminating || move.settings.isWaived($0)
        }.map(\.object.qualifiedName)
        return Set(names)
    }
}

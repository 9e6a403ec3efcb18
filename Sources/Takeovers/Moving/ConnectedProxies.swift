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

    init(_ view: ClusterView, of move: Move) throws(Pause) {
        guard move.settings.asksIstiod else {
            (strangers, silence) = ([], "askIstiod is off")
            return
        }
        let pods = try view.list(APIPath.pods).map(Pod.init)
        let istiods = pods.filter { $0.isIstiod(of: move.old) }
        let questions = istiods.map { Self.question(to: $0.name, of: move) }
        try view.require(questions)
        var reports: [SyncReport] = []
        for question in questions {
            let report = try view.report(of: question)
            guard report.exit == 0,
                let answer = JSON(parsing: report.stdout).flatMap(SyncReport.init)
            else {
                (strangers, silence) = ([], report.lastLine)
                return
            }
            reports.append(answer)
        }
        let expected = try Self.expected(pods, view, move)
        let nameless = reports.reduce(0) { $0 + $1.nameless }
        strangers =
            SyncReport.all(of: reports).map { "\($0.namespace)/\($0.pod)" }
            .filter { !expected.contains($0) && !move.settings.isWaived($0) }.sorted()
            + (nameless > 0 ? ["\(nameless) without a name"] : [])
        silence = istiods.isEmpty ? "no istiod of \(move.old) is ready" : nil
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

    static func question(to istiod: String, of move: Move) -> Reading {
        .attempt(
            move.kubectl.ask(
                [
                    "-n", "istio-system", "exec", istiod, "-c", "discovery", "--",
                    "pilot-discovery", "request", "GET", "/debug/syncz",
                ], purpose: "ask \(istiod) which proxies are connected to it"))
    }
}

extension Pod {
    fileprivate func isIstiod(of revision: Revision) -> Bool {
        labels["app"] == "istiod" && namespace == "istio-system" && isReady && !isTerminating
            && (labels["istio.io/rev"] ?? Revision.unnamed.rawValue) == revision.rawValue
    }
}

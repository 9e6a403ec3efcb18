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
        let answers = try Answers(of: istiods, view, move)
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

    static func question(
        to istiod: String, in namespace: String = "istio-system", of move: Move
    ) -> Reading {
        .trial(
            move.kubectl.ask(
                [
                    "-n", namespace, "exec", istiod, "-c", "discovery", "--",
                    "pilot-discovery", "request", "GET", "/debug/syncz",
                ], purpose: "ask \(istiod) which proxies are connected to it"))
    }
}

/// What came of asking every old istiod that is ready.
private struct Answers {
    private(set) var reports: [SyncReport] = []
    /// The API server's words, where we may not enter pods.
    private(set) var refusal: String?
    private(set) var troubles: [String] = []

    init(of istiods: [Pod], _ view: ClusterView, _ move: Move) throws(Pause) {
        let questions = istiods.filter(\.isReady).map { pod in
            (pod.name, ConnectedProxies.question(to: pod.name, in: pod.namespace, of: move))
        }
        try view.require(questions.map(\.1))
        for (name, question) in questions { add(try view.report(of: question), from: name) }
        // It may still serve those that connected while it was.
        if questions.isEmpty, let pod = istiods.first {
            troubles.append("\(pod.name) is not ready, so nobody can say what it serves")
        }
    }

    private mutating func add(_ report: ToolReport, from istiod: String) {
        if report.exit != 0, report.stderr.contains("(Forbidden)") {
            refusal = report.lastLine
        } else if report.exit == 0, let answer = JSON(parsing: report.stdout),
            let sync = SyncReport(answer)
        {
            reports.append(sync)
        } else {
            let words = report.exit == 0 ? "its answer is no list" : report.lastLine
            troubles.append("\(istiod) does not say what it serves: \(words)")
        }
    }
}

extension Pod {
    /// In whatever namespace: an istiod that nobody asks proves nothing.
    fileprivate func isIstiod(of revision: Revision) -> Bool {
        labels["app"] == "istiod" && isAlive && !isTerminating
            && (labels[IstioLabel.revision] ?? Revision.unnamed.rawValue) == revision.rawValue
    }
}

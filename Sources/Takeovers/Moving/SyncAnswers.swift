import FleetModel

/// What came of asking every istiod that is ready which proxies are connected to it.
struct SyncAnswers: Sendable {
    private(set) var reports: [SyncReport] = []
    /// The API server's words, where we may not enter pods.
    private(set) var refusal: String?
    private(set) var troubles: [String] = []

    init(of istiods: [Pod], _ view: ClusterView, _ move: Move) throws(Pause) {
        let questions = istiods.filter(\.isReady).map { pod in
            (pod.name, Self.question(to: pod.name, in: pod.namespace, of: move))
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

extension Pod {
    /// In whatever namespace: an istiod that nobody asks proves nothing.
    func isIstiod(of revision: Revision) -> Bool {
        labels["app"] == "istiod" && isAlive && !isTerminating
            && (labels[IstioLabel.revision] ?? Revision.unnamed.rawValue) == revision.rawValue
    }
}

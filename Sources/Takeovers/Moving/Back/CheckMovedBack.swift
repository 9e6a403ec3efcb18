import FleetModel

/// Makes sure that everything that had moved is on the old revision again.
struct CheckMovedBack: StepRecipe {
    static let outline = StepOutline(
        "check-moved-back", title: "check that everything runs on the old revision again")
    /// The way back.
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let queue = try RestartWorkloads(move: move).queue(view)
        let astray = (queue.waiting + queue.unclear).map { "\($0.owner)" }
        guard astray.isEmpty else { return .partial("not on \(move.target): \(astray.summary)") }
        if let complaint = try move.webhookComplaints(view).first { return .partial(complaint) }
        let answers = try move.probe(try move.movedNamespaces(view), view)
        if let wrong = answers.first(where: { $0.answer.revision != move.revision }) {
            return .unknown("a new pod in \(wrong.namespace) \(wrong.answer.description)")
        }
        let words =
            "\(queue.moved.count) workloads are on \(move.target), and new pods in "
            + "\(answers.count) namespaces go there"
        let left = queue.leftBehindWords + queue.ending.map { "\($0.owner), until it ends" }
        guard !left.isEmpty else { return .done(words) }
        return .done("\(words); left on \(move.old): \(left.summary)")
    }

    private var paths: [String] { Workloads.paths + Move.webhookPaths + [APIPath.namespaces] }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths)
                + [InjectionProbe(namespace: "<namespace>").reading(move.kubectl)],
            proof: "no workload that a restart could move is on \(move.old), unless it asks for "
                + "it by name; every webhook has a Service with endpoints; dry-run pods would be "
                + "injected by \(move.revision)")
    }
}

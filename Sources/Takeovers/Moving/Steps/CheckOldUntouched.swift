import FleetModel

/// Makes sure that installing the new revision moved nothing.
struct CheckOldUntouched: StepRecipe {
    static let outline = StepOutline(
        "old-untouched", title: "check that every workload is still on the old revision")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        guard try !move.isActivated(view) else {
            return .done("the new revision is the default already, so workloads may have moved")
        }
        let pods = try view.pods().filter(\.isAlive)
        let moved = pods.filter { isMoved($0) }.map(\.object.qualifiedName).sorted()
        guard moved.isEmpty else {
            return .failed(
                Failure(
                    .terminal, "already on \(move.revision) before activation: \(moved.summary)"))
        }
        let old = pods.filter { $0.proxy?.revision == move.old }
        return .done("\(old.count) proxies are still on \(move.old), none has moved")
    }

    private var paths: [String] {
        [APIPath.pods, APIPath.namespaces, APIPath.mutatingWebhooks]
    }

    /// Pods that ask for the new revision by name are where they belong. The nodes' ztunnels are
    /// led over by a step of their own, before anything else is.
    private func isMoved(_ pod: Pod) -> Bool {
        guard pod.proxy?.revision == move.revision, pod.proxy?.kind != .ztunnel else {
            return false
        }
        guard pod.namespace != move.settings.testNamespace else { return false }
        guard pod.labels[IstioLabel.revision] != move.revision.rawValue else { return false }
        return !move.gateways.contains { $0.namespace == pod.namespace }
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            proof: "no proxy outside the test namespace and the new gateways runs \(move.revision)")
    }
}

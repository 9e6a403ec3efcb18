import FleetModel

/// Runs a small workload on the new control plane before any real one.
struct TestWorkload: StepRecipe {
    static let outline = StepOutline(
        "test-workload", title: "run a test workload on the new revision")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    static let creatorAnnotation = "bellwether/created-by"

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        guard let namespace = try view.object(APIPath.namespace(name)) else {
            return try absenceObservation(view)
        }
        guard MeshNamespace(namespace).isActive else {
            return .partial("namespace \(name) is still going")
        }
        guard namespace.labels[IstioLabel.revision] == move.revision.rawValue else {
            return try relabelling(namespace)
        }
        return try workloadObservation(view)
    }

    private var name: String { move.settings.testNamespace }
    private var podsPath: String { APIPath.pods(in: name) }
    private var deploymentPath: String { Move.deploymentPath("petstore", in: name) }
    private var paths: [String] { [APIPath.namespace(name), deploymentPath, podsPath] }

    /// Once everything has moved and the old revision is gone, a test proves nothing.
    private func absenceObservation(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([APIPath.deployments, APIPath.pods])
        if move.old == move.revision { return try absenceInPlace(view) }
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        let isOldGone = !planes.contains { $0.revision == move.old }
        guard isOldGone, planes.contains(where: { $0.revision == move.revision }) else {
            return .notDone("namespace \(name) does not exist")
        }
        return .done("the old revision is gone, so there is nothing left to test for")
    }

    /// In place no old revision goes, so the sidecars tell whether all is over.
    private func absenceInPlace(_ view: ClusterView) throws(Pause) -> Observation {
        let pods = try view.pods()
        let proxies = pods.filter { $0.isAlive && !move.settings.isWaived($0) }.compactMap(\.proxy)
        guard proxies.contains(where: move.isOnTarget), !proxies.contains(where: move.shouldMove)
        else { return .notDone("namespace \(name) does not exist") }
        return .done("every sidecar runs \(move.target), so there is nothing left to test for")
    }

    private func relabelling(_ namespace: JSON) throws(Pause) -> Observation {
        guard namespace.annotations[Self.creatorAnnotation] != nil else {
            throw .terminal(
                "namespace \(name) exists and is not ours; name another one as testNamespace")
        }
        return .notDone("namespace \(name) does not ask for \(move.revision)")
    }

    private func workloadObservation(_ view: ClusterView) throws(Pause) -> Observation {
        guard let deployment = try view.object(deploymentPath) else {
            return .notDone("namespace \(name) has no petstore yet")
        }
        let rollout = Rollout(of: deployment, kind: "Deployment")
        let pods = try view.list(podsPath).map(Pod.init).filter {
            $0.isAlive && !$0.isTerminating && TestCall(rawValue: $0.name) == nil
        }
        guard rollout.isDone, !pods.isEmpty, pods.allSatisfy(\.isReady) else {
            return .partial("petstore: \(rollout.complaint ?? waiting(pods))")
        }
        if let wrong = pods.first(where: { $0.proxy.map(move.isOnTarget) != true }) {
            let label = wrong.proxy?.label ?? "without a sidecar"
            return .failed(Failure(.terminal, "test pod \(wrong.name) came up \(label)"))
        }
        return .done("\(pods.count) test pods run \(move.revision) \(move.version)")
    }

    private func waiting(_ pods: [Pod]) -> String {
        let reasons = pods.flatMap(\.waitingReasons)
        return reasons.isEmpty ? "its pods are not ready yet" : reasons.summary
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [application] }

    var application: Command {
        let manifest = TestManifest(move).list.description
        return move.kubectl.change(
            ["apply", "-f", "-"], stdin: manifest, purpose: "create the test workload")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths), acts: [application],
            proof: "every pod in \(name) is ready and its proxy runs "
                + "\(move.revision) \(move.version)",
            compensation: [RemoveTestWorkload(move: move).deletion])
    }
}

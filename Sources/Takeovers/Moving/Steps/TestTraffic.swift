import FleetModel

/// Proves that pods of both revisions reach each other, and nobody else does.
///
/// A second namespace is made whose pods get the old revision's sidecars, both demand
/// mutual TLS, and pods call across. That shows root, trust domain and skew at once,
/// before any real workload moves. What was shown is put on record at the test namespace,
/// and everything made for it is removed.
struct TestTraffic: StepRecipe {
    let move: Move
    var round = TestRound.beforeActivation

    var outline: StepOutline { round.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        if !move.settings.testsTraffic { return .done("testTraffic is off") }
        return try stage(view).observation
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        switch try stage(view) {
        case .toBegin: [TestWorkload(move: move).application]
        case .toServe: [ground, serving]
        case .toCall: try calls(view)
        case .toRepeat: [podRemoval(in: move.newSide), podRemoval(in: move.oldSide)]
        case .toRecord: [recording] + removal
        case .toRemove: removal
        case .waiting, .over: []
        }
    }

    /// Where nothing was made of the old side, mutual TLS has yet to be demanded.
    private func calls(_ view: ClusterView) throws(Pause) -> [Command] {
        let reachesOld = try reachesOld(view)
        return (reachesOld ? [] : [strictness]) + [calls(reachingOld: reachesOld)]
    }

    /// How far the test is.
    private enum Stage {
        case toBegin
        case toServe
        case toCall
        case waiting(String)
        /// An earlier attempt's answers were not the wanted ones.
        case toRepeat
        case toRecord
        case toRemove
        case over(String)

        var observation: Observation {
            switch self {
            case .toBegin: .notDone("the test workload is gone")
            case .toServe: .notDone("there is no server of the old revision yet")
            case .toCall: .notDone("nothing has called yet")
            case .waiting(let reason): .partial(reason)
            case .toRepeat: .notDone("the answers of an earlier attempt are not the wanted ones")
            case .toRecord: .notDone("all calls were answered as they should be")
            case .toRemove: .notDone("what the test needed is still there")
            case .over(let words): .done(words)
            }
        }
    }

    private func stage(_ view: ClusterView) throws(Pause) -> Stage {
        try view.require(paths)
        guard let space = try view.object(APIPath.namespace(move.newSide.namespace)) else {
            return try absence(view)
        }
        let pods = try pods(view)
        let other = try view.object(APIPath.namespace(move.oldSide.namespace))
        if other?.isTerminating == true || pods.values.contains(where: \.isTerminating) {
            return .waiting("what is left of the test is still going")
        }
        guard space.annotations[round.recordAnnotation] != record else {
            return other != nil || !pods.isEmpty ? .toRemove : .over(round.proof(move))
        }
        if let lateness = try lateness(view) {
            return other != nil || !pods.isEmpty ? .toRemove : .over(lateness)
        }
        if let other { try requireOurs(other) }
        let reachesOld = try reachesOld(view)
        if let stage = try serving(reachesOld, view) { return stage }
        return try calling(TestCall.all(reachingOld: reachesOld), by: pods, view)
    }

    /// Whether a namespace can still choose the old revision. Once the new one is the default,
    /// nobody gets one without a name.
    private func reachesOld(_ view: ClusterView) throws(Pause) -> Bool {
        guard round == .afterMove else { return true }
        let injector = try move.injection(view).acting(namespaceLabels: move.oldSide.labels)
        return injector?.revision == move.old
    }

    /// How far the servers are; `nil` once all can be called.
    ///
    /// An image may take minutes to come, and a call waits half a minute for its answer.
    private func serving(_ reachesOld: Bool, _ view: ClusterView) throws(Pause) -> Stage? {
        for side in (reachesOld ? [move.oldSide] : []) + [move.newSide] {
            guard let server = try view.object(server(of: side)) else {
                if side == move.oldSide { return .toServe }
                throw .unclear("namespace \(side.namespace) has no petstore")
            }
            let rollout = Rollout(of: server, kind: "Deployment")
            guard !rollout.isDone else { continue }
            let reason = rollout.complaint ?? "its pods are not ready yet"
            return .waiting("petstore in \(side.namespace): \(reason)")
        }
        return nil
    }

    private func server(of side: TestSide) -> String {
        Move.deploymentPath("petstore", in: side.namespace)
    }

    private func absence(_ view: ClusterView) throws(Pause) -> Stage {
        if let lateness = try lateness(view) { return .over(lateness) }
        if round == .afterMove { return .toBegin }
        throw .unclear("namespace \(move.newSide.namespace) does not exist")
    }

    /// Why nothing can be tried any more; `nil` while it can.
    private func lateness(_ view: ClusterView) throws(Pause) -> String? {
        switch round {
        case .beforeActivation:
            guard try move.isActivated(view) else { return nil }
            return "new pods go to \(move.revision) already: too late to try it"
        case .besideOld, .afterMove:
            let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
            guard !planes.contains(where: { $0.revision == move.old }) else { return nil }
            return "\(move.oldName("istiod")) is gone: too late to try it"
        }
    }

    private func requireOurs(_ namespace: JSON) throws(Pause) {
        guard namespace.annotations[TestWorkload.creatorAnnotation] == nil else { return }
        throw .terminal(
            "namespace \(namespace.name) exists and is not ours; choose another testNamespace")
    }

    /// The pods that call, by what they call.
    private func pods(_ view: ClusterView) throws(Pause) -> [TestCall: Pod] {
        var found: [TestCall: Pod] = [:]
        for side in [move.newSide, move.oldSide] {
            for pod in try view.list(APIPath.pods(in: side.namespace)).map(Pod.init) {
                guard let call = TestCall(rawValue: pod.name), call.from(move) == side else {
                    continue
                }
                found[call] = pod
            }
        }
        return found
    }

    private func calling(
        _ calls: [TestCall], by pods: [TestCall: Pod], _ view: ClusterView
    ) throws(Pause) -> Stage {
        var complaints: [String] = []
        for call in calls {
            guard let pod = pods[call] else { return .toCall }
            guard let answer = CallAnswer(of: pod) else {
                let reasons = pod.waitingReasons
                return .waiting(
                    "\(call.name) waits for its answer"
                        + (reasons.isEmpty ? "" : " (\(reasons.summary))"))
            }
            let complaint = origin(of: pod, call) ?? answer.complaint(about: call)
            if let complaint { complaints.append("\(call.name): \(complaint)") }
        }
        if complaints.isEmpty { return .toRecord }
        guard view.context.hasActed else { return .toRepeat }
        throw .terminal(complaints.joined(separator: "; "))
    }

    /// A call from a pod with another sidecar than it should have proves nothing.
    private func origin(of pod: Pod, _ call: TestCall) -> String? {
        let isRight =
            switch call {
            case .newToNew, .newToOld: pod.proxy.map(move.isOnTarget) == true
            case .oldToNew: pod.proxy?.revision == move.old
            case .withoutSidecar, .withoutSidecarToOld: pod.proxy == nil
            }
        return isRight ? nil : "its pod came up \(pod.proxy?.label ?? "without a sidecar")"
    }

    private var paths: [String] {
        let sides = [move.newSide, move.oldSide].flatMap {
            [APIPath.namespace($0.namespace), APIPath.pods(in: $0.namespace), server(of: $0)]
        }
        let others =
            switch round {
            case .beforeActivation: [APIPath.mutatingWebhooks, APIPath.namespaces]
            case .besideOld: [APIPath.deployments]
            case .afterMove: [APIPath.deployments, APIPath.mutatingWebhooks]
            }
        return sides + others
    }

    var preview: StepPreview {
        guard move.settings.testsTraffic else { return StepPreview(proof: "testTraffic is off") }
        let calls =
            round == .afterMove
            ? [strictness, calls(reachingOld: false)] : [ground, serving, calls(reachingOld: true)]
        return StepPreview(
            reads: .paths(paths), acts: calls + [recording] + removal, proof: round.proof(move),
            compensation: removal)
    }
}

import FleetModel

/// Proves that pods of both revisions reach each other, and nobody else does.
///
/// A second namespace is made whose pods get the old revision's sidecars, both demand
/// mutual TLS, and pods call across. That shows root, trust domain and skew at once,
/// before any real workload moves. What was shown is put on record at the test namespace,
/// and everything made for it is removed.
struct TestTraffic: StepRecipe {
    static let outline = StepOutline(
        "test-traffic", title: "call between the two revisions, with mutual TLS")
    let move: Move
    var end = End.activation

    /// From when on there is nothing left to try.
    enum End: Hashable, Sendable {
        /// New pods go to the new revision.
        case activation
        /// Tags may lead there before anything was tried, and the old control plane has gone.
        case absenceOfOld
    }

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    static let recordAnnotation = "bellwether/traffic"

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        if !move.settings.testsTraffic { return .done("testTraffic is off") }
        return try stage(view).observation
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        switch try stage(view) {
        case .toServe: [ground, serving]
        case .toCall: [calls]
        case .toRepeat: [podRemoval(in: move.newSide), podRemoval(in: move.oldSide)]
        case .toRecord: [recording] + removal
        case .toRemove: removal
        case .waiting, .over: []
        }
    }

    /// How far the test is.
    private enum Stage {
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
        guard space.annotations[Self.recordAnnotation] != record else {
            if other != nil || !pods.isEmpty { return .toRemove }
            return .over("pods of \(move.old) and \(move.revision) reached each other")
        }
        if let lateness = try lateness(view) {
            return other != nil || !pods.isEmpty ? .toRemove : .over(lateness)
        }
        if let other { try requireOurs(other) }
        if let stage = try serving(view) { return stage }
        return try calling(pods, view)
    }

    /// How far the servers are; `nil` once both can be called.
    ///
    /// An image may take minutes to come, and a call waits half a minute for its answer.
    private func serving(_ view: ClusterView) throws(Pause) -> Stage? {
        for side in [move.oldSide, move.newSide] {
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
        guard let lateness = try lateness(view) else {
            throw .unclear("namespace \(move.newSide.namespace) does not exist")
        }
        return .over(lateness)
    }

    /// Why nothing can be tried any more; `nil` while it can.
    private func lateness(_ view: ClusterView) throws(Pause) -> String? {
        switch end {
        case .activation:
            guard try move.isActivated(view) else { return nil }
            return "new pods go to \(move.revision) already: too late to try it"
        case .absenceOfOld:
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

    private func calling(_ pods: [TestCall: Pod], _ view: ClusterView) throws(Pause) -> Stage {
        guard pods.count == TestCall.allCases.count else { return .toCall }
        var complaints: [String] = []
        for call in TestCall.allCases {
            guard let pod = pods[call] else { continue }
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
}

// MARK: - What is made, and removed

extension TestTraffic {
    private var paths: [String] {
        [move.newSide, move.oldSide].flatMap {
            [APIPath.namespace($0.namespace), APIPath.pods(in: $0.namespace), server(of: $0)]
        }
            + (end == .activation
                ? [APIPath.mutatingWebhooks, APIPath.namespaces] : [APIPath.deployments])
    }

    /// What the record says: another target, or another old revision, is another test.
    private var record: String { "\(move.old) and \(move.revision) \(move.version)" }

    private var ground: Command {
        let policies = [move.newSide, move.oldSide].map(policy)
        return application(
            of: TestManifest(move, side: move.oldSide).ground + policies,
            purpose: "create the old side of the test, and demand mutual TLS")
    }

    /// Comes last, and only if nothing of the ground is missing: by it the whole is known to be
    /// there.
    private var serving: Command {
        application(
            of: [TestManifest(move, side: move.oldSide).server],
            purpose: "have the old side of the test answer")
    }

    private var calls: Command {
        application(
            of: TestCall.allCases.map { $0.pod(move) }, purpose: "call between the revisions")
    }

    private func application(of items: [JSON], purpose: String) -> Command {
        let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
        return move.kubectl.change(
            ["apply", "-f", "-"], stdin: list.description, purpose: purpose)
    }

    private static let policyName = "bellwether-strict"

    private func policy(_ side: TestSide) -> JSON {
        [
            "apiVersion": "security.istio.io/v1beta1", "kind": "PeerAuthentication",
            "metadata": [
                "name": .string(Self.policyName), "namespace": .string(side.namespace),
            ],
            "spec": ["mtls": ["mode": "STRICT"]],
        ]
    }

    private var recording: Command {
        move.kubectl.change(
            [
                "annotate", "namespace", move.newSide.namespace,
                "\(Self.recordAnnotation)=\(record)", "--overwrite",
            ], purpose: "put on record that the traffic was tested")
    }

    private func podRemoval(in side: TestSide) -> Command {
        let calls = TestCall.allCases.filter { $0.from(move) == side }
        return move.kubectl.delete(
            "pod", calls.map(\.name), in: side.namespace, purpose: "remove the calling pods")
    }

    var removal: [Command] {
        [
            podRemoval(in: move.newSide),
            move.kubectl.delete(
                "peerauthentications.security.istio.io", [Self.policyName],
                in: move.newSide.namespace, purpose: "let the test namespace do without mutual TLS"
            ),
            move.kubectl.delete(
                "namespace", [move.oldSide.namespace], purpose: "remove the old side of the test"),
        ]
    }

    var preview: StepPreview {
        guard move.settings.testsTraffic else { return StepPreview(proof: "testTraffic is off") }
        return StepPreview(
            reads: .paths(paths), acts: [ground, serving, calls, recording] + removal,
            proof: "pods of \(move.old) and \(move.revision) reach each other's servers by mutual "
                + "TLS, and a pod without a sidecar reaches neither",
            compensation: removal)
    }
}

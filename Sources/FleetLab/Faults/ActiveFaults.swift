import FleetModel

/// The faults of a cluster at one moment, as the parts of its world ask for them.
struct ActiveFaults: Hashable, Sendable {
    /// What keeps a pod from being well.
    enum Trouble: Hashable, Sendable {
        /// It doesn't become Ready, but stays so if it is.
        case neverReady
        /// It is not Ready, even if it was.
        case down
        /// Its containers wait, unless they run already.
        case waiting(reason: String, message: String)
    }

    private let faults: [ScheduledFault]

    init(_ faults: [ScheduledFault]) {
        self.faults = faults
    }

    /// Breaks or mends the way to the API server, and that of users.
    func play(on store: ClusterStore) {
        let transport = faults.lazy.compactMap { Self.transport($0.fault) }.first
        if store.transportFault != transport { store.transportFault = transport }
        let denied = faults.flatMap { Self.denied($0.fault) }
        if store.deniedAccess != denied { store.deniedAccess = denied }
        let failing = faults.filter { $0.fault.kind == .requestsFail }
        if store.failingBackends != failing { store.failingBackends = failing }
    }

    private static func transport(_ fault: LabFault) -> TransportFault? {
        switch fault {
        case .unreachable: .unreachable
        case .hung: .hung
        case .flaky(let share): .flaky(every: share)
        case .slow(let milliseconds): .slow(.milliseconds(milliseconds))
        default: nil
        }
    }

    private static func denied(_ fault: LabFault) -> [AccessRule] {
        guard case .permissionDenied(let resource) = fault else { return [] }
        return ["create", "update", "patch", "delete"].map {
            AccessRule(verb: $0, resource: resource)
        }
    }

    // MARK: - Pods

    func trouble(of pod: JSON) -> Trouble? {
        faults.lazy.compactMap { Self.trouble(of: pod, by: $0) }.first
    }

    private static func trouble(of pod: JSON, by entry: ScheduledFault) -> Trouble? {
        switch entry.fault {
        case .controlPlaneNeverReady:
            isIstiod(pod) && pod.labels["istio.io/rev"] != IstioRevision.unrevisioned
                ? .neverReady : nil
        case .injectorDown(let revision):
            isIstiod(pod) && (revision == nil || pod.labels["istio.io/rev"] == revision)
                ? .down : nil
        case .operatorGone: pod.workloadName.hasPrefix("istio-operator") ? .down : nil
        case .workloadNeverReady(let owner, let crashes):
            entry.meets(pod, of: owner) ? crashes ? crashLoop : .neverReady : nil
        case .imagePullBackOff(let image): imageTrouble(of: pod, image)
        default: nil
        }
    }

    private static func isIstiod(_ pod: JSON) -> Bool { pod.labels["app"] == "istiod" }

    private static let crashLoop = Trouble.waiting(
        reason: "CrashLoopBackOff", message: "back-off 40s restarting failed container")

    private static func imageTrouble(of pod: JSON, _ part: String) -> Trouble? {
        let lists = ["initContainers", "containers"].flatMap { pod["spec"]?[$0]?.array ?? [] }
        guard
            let image = lists.compactMap({ $0["image"]?.string }).first(where: {
                $0.contains(part)
            })
        else { return nil }
        return .waiting(
            reason: "ImagePullBackOff", message: "Back-off pulling image \(image.jsonQuoted)")
    }

    /// Why a new pod is not let in, if it isn't.
    func refusal(of pod: JSON) -> StatusError? {
        guard faults.contains(where: { $0.fault == .quotaExceeded }),
            !Self.isSystem(pod.namespace)
        else { return nil }
        return .forbidden(
            "pods", pod.name,
            "exceeded quota: compute, requested: pods=1, used: pods=10, limited: pods=10")
    }

    private static func isSystem(_ space: String) -> Bool {
        ["kube-", "istio-", "gm-iop-", "gloo-"].contains { space.hasPrefix($0) }
    }

    // MARK: - The rest

    var keepsCertificatesOut: Bool { faults.contains { $0.fault == .certificateMissing } }
    var withholdsAddresses: Bool { faults.contains { $0.fault == .addressNeverComes } }
    var leavesDefaultTag: Bool { faults.contains { $0.fault == .defaultTagNeverComes } }
    var stopsGloo: Bool { faults.contains { $0.fault == .glooStuck } }
    var refusesOwnership: Bool { faults.contains { $0.fault == .ownershipRefused } }
    var prunesNetwork: Bool { faults.contains { $0.fault == .networkPruned } }
    var stormsConflicts: Bool { faults.contains { $0.fault == .conflictStorm } }

    var restoresInjector: Bool { faults.contains { $0.fault == .injectorRestored } }
    var refusesRemoval: Bool { faults.contains { $0.fault == .removalRefused } }
    var delaysPruning: Bool { faults.contains { $0.fault == .pruningLate } }
    var keepsLoadBalancers: Bool { faults.contains { $0.fault == .orphanedAddress } }
    var splitsTrust: Bool { faults.contains { $0.fault == .trustSplit } }
    var changesRoot: Bool { faults.contains { $0.fault == .rootChanged } }

    func fails(release: String, isReset: Bool) -> Bool {
        faults.contains {
            $0.fault == .releaseFails(release: release)
                || $0.fault == .releaseStalls(release: release) && !isReset
        }
    }

    /// The state that installations of the Gloo plane end in instead of HEALTHY.
    var glooState: String? {
        faults.lazy.compactMap { entry in
            switch entry.fault {
            case .glooFailure(let state): state
            case .glooUnhealthy: "UNHEALTHY"
            default: nil
            }
        }.first
    }
}

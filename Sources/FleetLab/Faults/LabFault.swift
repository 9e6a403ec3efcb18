/// Something that can be broken in a cluster of the lab, and mended again.
public enum LabFault: Hashable, Sendable {
    /// Pods of a revisioned istiod run and never become Ready.
    case controlPlaneNeverReady
    /// The API server can't be reached.
    case unreachable
    /// The API server takes requests and never answers.
    case hung
    /// One of so many requests, or its answer, is lost.
    case flaky(every: Int)
    /// Every answer takes this long, in milliseconds of real time.
    case slow(milliseconds: Int)
    /// The istiods of a revision, or all, are down; whoever wants them gets no pod.
    case injectorDown(revision: String?)
    /// New pods of a workload, `namespace/name`, don't become Ready.
    case workloadNeverReady(owner: String, crashes: Bool)
    /// New pods of a workload, `namespace/name`, are ready and answer users with 503.
    case requestsFail(owner: String)
    /// New pods with such an image can't pull it.
    case imagePullBackOff(image: String)
    /// Installations of the Gloo plane end in this state.
    case glooFailure(state: String)
    /// Installations are UNHEALTHY for so many seconds and then recover.
    case glooUnhealthy(seconds: Int)
    /// The Gloo plane no longer does anything for this cluster; its statuses go stale.
    case glooStuck
    /// The Gloo plane leaves the tag `default` to others, whatever it was told.
    case defaultTagNeverComes
    /// Services of type LoadBalancer get no address.
    case addressNeverComes
    /// Application namespaces take no further pod.
    case quotaExceeded
    /// istiod doesn't put its caBundle into the webhooks.
    case certificateMissing
    /// The Istio operators' pods are down, so nobody clears finalizers.
    case operatorGone
    /// The Istio operators prune late: after Helm has taken their objects over.
    case pruningLate
    /// The Istio operators leave Services of type LoadBalancer behind.
    case orphanedAddress
    /// The old Istio operator gives its injector the selectors back that somebody took.
    case injectorRestored
    /// The Istio operators can't look for proxies, and so remove no control plane.
    case removalRefused
    /// The secret of the mesh's CA goes with the old control plane, and a new root comes.
    case rootChanged
    /// Pods of one revision don't trust those of another.
    case trustSplit
    /// Every Helm action of a release fails.
    case releaseFails(release: String)
    /// Every Helm action of a release fails until its counts of failures are set back.
    case releaseStalls(release: String)
    /// Helm takes over nothing that others have made.
    case ownershipRefused
    /// The CNI node agent belongs to the Istio operator's resource and goes with it.
    case networkPruned
    /// Something keeps touching the lifecycle managers, so that patches conflict.
    case conflictStorm
    /// Changes of a resource, or of all, are forbidden.
    case permissionDenied(resource: String)
}

extension LabFault {
    /// The name by which `lab break` knows it.
    public var name: String { kind.rawValue }

    public var kind: LabFaultKind {
        switch self {
        case .controlPlaneNeverReady: .controlPlaneNeverReady
        case .unreachable: .unreachable
        case .hung: .hung
        case .flaky: .flaky
        case .slow: .slow
        case .injectorDown: .injectorDown
        case .workloadNeverReady: .workloadNeverReady
        case .imagePullBackOff: .imagePullBackOff
        case .glooFailure: .glooFailure
        case .glooUnhealthy: .glooUnhealthy
        case .glooStuck: .glooStuck
        case .defaultTagNeverComes: .defaultTagNeverComes
        case .addressNeverComes: .addressNeverComes
        case .quotaExceeded: .quotaExceeded
        case .certificateMissing: .certificateMissing
        case .operatorGone: .operatorGone
        case .pruningLate: .pruningLate
        case .orphanedAddress: .orphanedAddress
        case .injectorRestored: .injectorRestored
        case .removalRefused: .removalRefused
        case .requestsFail: .requestsFail
        case .rootChanged: .rootChanged
        case .trustSplit: .trustSplit
        case .releaseFails: .releaseFails
        case .releaseStalls: .releaseStalls
        case .ownershipRefused: .ownershipRefused
        case .networkPruned: .networkPruned
        case .conflictStorm: .conflictStorm
        case .permissionDenied: .permissionDenied
        }
    }

    /// The parameters as `lab status` shows them.
    public var parameters: [String: String] {
        switch self {
        case .slow(let milliseconds): ["milliseconds": String(milliseconds)]
        case .flaky(let share): ["every": String(share)]
        case .injectorDown(let revision?): ["revision": revision]
        case .workloadNeverReady(let owner, let crashes):
            ["owner": owner, "crashes": String(crashes)]
        case .requestsFail(let owner): ["owner": owner]
        case .imagePullBackOff(let image): ["image": image]
        case .glooFailure(let state): ["state": state]
        case .glooUnhealthy(let seconds): ["seconds": String(seconds)]
        case .permissionDenied(let resource): ["resource": resource]
        case .releaseFails(let release), .releaseStalls(let release): ["release": release]
        default: [:]
        }
    }
}

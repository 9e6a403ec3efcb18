/// The kinds of faults, with what `lab break --help` says about each.
public enum LabFaultKind: String, CaseIterable, Sendable {
    case controlPlaneNeverReady = "control-plane-never-ready"
    case unreachable
    case hung
    case flaky
    case slow
    case injectorDown = "injector-down"
    case workloadNeverReady = "workload-never-ready"
    case imagePullBackOff = "image-pull-back-off"
    case glooFailure = "ilm-failed"
    case glooUnhealthy = "ilm-unhealthy"
    case glooStuck = "ilm-stuck"
    case defaultTagNeverComes = "default-tag-never-comes"
    case addressNeverComes = "lb-address-never-comes"
    case quotaExceeded = "quota-exceeded"
    case certificateMissing = "ca-bundle-missing"
    case operatorGone = "operator-gone"
    case pruningLate = "operator-prunes-late"
    case orphanedAddress = "load-balancer-orphaned"
    case injectorRestored = "operator-restores-injector"
    case removalRefused = "operator-refuses"
    case requestsFail = "requests-fail"
    case rootChanged = "root-changed"
    case trustSplit = "trust-split"
    case releaseFails = "helm-release-fails"
    case releaseStalls = "helm-release-stalls"
    case ownershipRefused = "ownership-refused"
    case networkPruned = "cni-pruned"
    case conflictStorm = "conflict-storm"
    case permissionDenied = "permission-denied"

    /// One line that tells what will be seen.
    public var explanation: String {
        switch self {
        case .controlPlaneNeverReady: "the new istiod runs but never becomes Ready"
        case .unreachable: "connections to the API server are cut before an answer"
        case .hung: "the API server takes requests and never answers"
        case .flaky: "now and then a request is lost, or the answer to one that was carried out"
        case .slow: "every answer comes late"
        case .injectorDown: "istiod is down, so every pod that wants a sidecar is refused"
        case .workloadNeverReady: "new pods of one workload never become Ready"
        case .imagePullBackOff: "new pods with a matching image can't pull it"
        case .glooFailure: "the lifecycle managers report a failure for this cluster"
        case .glooUnhealthy: "the lifecycle managers report UNHEALTHY for a while, then recover"
        case .glooStuck: "the management plane does nothing more here; statuses go stale"
        case .defaultTagNeverComes: "the management plane never touches the tag default"
        case .addressNeverComes: "load balancers get no address"
        case .quotaExceeded: "application namespaces take no further pod"
        case .certificateMissing: "webhooks get no caBundle, so calls fail with x509"
        case .operatorGone: "the Istio operators are down, so finalizers stay"
        case .pruningLate: "the operator prunes after Helm took over, and takes istiod's rights"
        case .orphanedAddress: "the operator leaves its load balancers behind"
        case .injectorRestored: "the old operator turns its injector on again, 20 s after each time"
        case .removalRefused: "the operators end in ACTION_REQUIRED instead of removing istiod"
        case .requestsFail: "new pods of one workload are ready and answer users with 503"
        case .rootChanged: "the CA goes with the old control plane; a new root comes"
        case .trustSplit: "calls between revisions end in CERTIFICATE_VERIFY_FAILED"
        case .releaseFails: "every Helm action of one release fails"
        case .ownershipRefused: "Helm takes over nothing: \"invalid ownership metadata\""
        case .networkPruned: "istio-cni-node is the operator's and goes with it; new pods wait"
        case .releaseStalls: "every Helm action of one release fails until it is reset"
        case .conflictStorm: "something keeps touching the lifecycle managers; patches conflict"
        case .permissionDenied: "changes are forbidden"
        }
    }

    /// The parameters it takes: the name, and what it means.
    public var parameters: [(name: String, meaning: String)] {
        switch self {
        case .flaky: [("every", "one of so many; 10 unless told")]
        case .slow: [("milliseconds", "how late, in real time; 2000 unless told")]
        case .injectorDown: [("revision", "only the istiods of this revision; all unless told")]
        case .workloadNeverReady:
            [
                ("owner", "NAMESPACE/NAME; unless told, the first Deployment with sidecars"),
                ("crashes", "true for CrashLoopBackOff; false unless told"),
            ]
        case .requestsFail:
            [("owner", "NAMESPACE/NAME; unless told, the first Deployment with sidecars")]
        case .imagePullBackOff: [("image", "a part of the image's name; \"-solo\" unless told")]
        case .glooFailure:
            [("state", "such as CONTROLLER_INSTALL_FAILED; FAILED unless told")]
        case .glooUnhealthy: [("seconds", "how long, in lab time; 60 unless told")]
        case .permissionDenied: [("resource", "such as deployments.apps; * unless told")]
        case .releaseStalls: [("release", "such as istiod; bigbang unless told")]
        case .releaseFails: [("release", "such as public-ingressgateway; istiod unless told")]
        default: []
        }
    }
}

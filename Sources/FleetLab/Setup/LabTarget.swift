import FleetModel

/// What the takeover that a lab writes down leads to.
struct LabTarget: Hashable, Sendable {
    var revision = "1-25"
    var version = "1.25.3-solo"
    var hub = "registry.example.net/istio"
    /// The version that goes, for people.
    var old = WorkloadSetup.oldVersion
    var oldRevision = IstioRevision.unrevisioned
    private var oldHub = "docker.io/istio"

    /// For a lab of Gloo that makes its clusters up.
    init() {}

    /// For a lab that istioctl installed.
    static let istioctl: LabTarget = {
        var target = LabTarget()
        (target.revision, target.version) = (IstioctlSetup.newRevision, IstioctlSetup.newVersion)
        (target.hub, target.old) = ("docker.io/istio", IstioctlSetup.oldVersion)
        return target
    }()

    /// For a recorded fleet of upstream Istio: the next minor of what runs.
    init(upstream clusters: [LabCluster]) {
        self.init(of: clusters)
        version = version.replacing("-solo", with: "")
        hub = oldHub
        // Whoever names revisions by whole versions goes on so.
        let isWhole = oldRevision == old.replacing(".", with: "-")
        if isWhole { revision = version.replacing(".", with: "-") }
    }

    /// For a recorded fleet: what its Gloo was told to install, or else the next minor of what
    /// runs.
    init(of clusters: [LabCluster]) {
        let objects = clusters.flatMap { $0.recording?.objects ?? [] }
        let istiods = objects.filter { $0["kind"] == "Deployment" && $0.labels["app"] == "istiod" }
            .compactMap { RunningIstiod(deployment: $0, mesh: "") }
        if let istiod = istiods.first(where: { $0.revision.isUnrevisioned }) ?? istiods.first {
            (old, oldRevision) = (istiod.revision.tag, istiod.revision.name)
            oldHub = istiod.revision.hub
            let next = (istiod.minor ?? 24) + 1
            (revision, version) = ("1-\(next)", "1.\(next).0-solo")
        }
        let manager = objects.first { $0["kind"] == "IstioLifecycleManager" }
        guard let entry = manager?["spec"]?["installations"]?.array?.first else { return }
        revision = entry["revision"]?.string ?? revision
        version = entry[path: ["istioOperatorSpec", "tag"]]?.string ?? version
        hub = entry[path: ["istioOperatorSpec", "hub"]]?.string ?? hub
    }
}

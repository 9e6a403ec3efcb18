import FleetModel

/// What the takeover that a lab of Gloo writes down leads to.
struct LabTarget: Hashable, Sendable {
    var revision = "1-25"
    var version = "1.25.3-solo"
    var hub = "registry.example.net/istio"
    /// The version that goes, for people.
    var old = WorkloadSetup.oldVersion

    /// For a lab that makes its clusters up.
    init() {}

    /// For a recorded fleet: what its Gloo was told to install, or else the next minor of what
    /// runs.
    init(of clusters: [LabCluster]) {
        let objects = clusters.flatMap { $0.recording?.objects ?? [] }
        let istiods = objects.filter { $0["kind"] == "Deployment" && $0.labels["app"] == "istiod" }
            .compactMap { RunningIstiod(deployment: $0, mesh: "") }
        if let istiod = istiods.first(where: { $0.revision.isUnrevisioned }) ?? istiods.first {
            old = istiod.revision.tag
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

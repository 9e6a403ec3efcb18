public import FleetModel

/// What a cluster held at some moment: its objects, in the order they were written down.
public struct Recording: Hashable, Sendable {
    let objects: [JSON]

    /// Reads a List as `kubectl get … -o json` prints it.
    ///
    /// - Throws: when it is none, or one of its items is no object of Kubernetes.
    public init(_ document: JSON) throws(RecordingProblem) {
        guard let items = document["items"]?.array else {
            throw RecordingProblem("it is no List: it has no `items`")
        }
        for (index, item) in items.enumerated() {
            guard item["kind"]?.string != nil, item["apiVersion"]?.string != nil,
                !item.name.isEmpty
            else { throw RecordingProblem("item \(index + 1) has no apiVersion, kind or name") }
        }
        objects = items
    }

    /// Whether Gloo's management plane is in it.
    var isManagement: Bool {
        objects.contains { $0["apiVersion"]?.string?.hasPrefix("admin.gloo.solo.io/") == true }
    }

    /// The clusters that are registered with its Gloo.
    var registered: [String] {
        objects.filter { $0["kind"] == "KubernetesCluster" }.map(\.name)
    }

    /// Whether Flux keeps Big Bang in it.
    var isBigBang: Bool { parent != nil }

    /// The release that brings all others of Big Bang.
    private var parent: FluxRelease? {
        let parent = objects.first {
            $0["kind"] == "HelmRelease" && $0.namespace == FluxKinds.packages
                && $0.name == "bigbang"
        }
        return parent.map { FluxRelease(object: $0, cluster: "") }
    }

    /// The version of Big Bang that its source says, or that was deployed.
    var bigBangEdition: BigBangEdition {
        let source = objects.first {
            $0["kind"]?.string == parent?.sourceKind && $0.name == parent?.source.name
                && $0.namespace == parent?.source.namespace
        }
        let version = parent?.chartVersion(from: source ?? [:]) ?? ""
        return BigBangEdition(version: version.isEmpty ? LabConfiguration().bigBang : version)
    }

    /// The takeover that its objects are for.
    var kind: LabKind {
        let kinds = Set(objects.compactMap { $0["kind"]?.string })
        if isBigBang { return .bigBang }
        if kinds.contains("Istio") { return .sail }
        return isManagement || kinds.contains("IstioOperator") ? .gloo : .revision
    }
}

/// Why a recording can't be used.
public struct RecordingProblem: OperatorError, Hashable {
    public let problem: String
    public let place: String?
    public var hint: String? {
        "record one by `kubectl get namespaces,deployments,pods,… -A -o json`"
    }

    init(_ problem: String, at place: String? = nil) {
        (self.problem, self.place) = (problem, place)
    }

    func at(_ place: String) -> RecordingProblem { RecordingProblem(problem, at: place) }
}

import FleetModel

/// A namespace and how it selects its injector.
struct MeshNamespace: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    var name: String { object.name }
    var labels: [String: String] { object.labels }

    /// Whether it asks for injection without naming a revision of its own.
    var isDefaultInjected: Bool {
        selection == .byDefault || selection == .named(.unnamed)
    }

    /// What its labels ask for. `istio-injection` beats `istio.io/rev`.
    var selection: Selection { Self.selection(labels) }

    static func selection(_ labels: [String: String]) -> Selection {
        if let choice = labels[IstioLabel.injection] {
            return choice == "enabled" ? .byDefault : .refused
        }
        if let name = labels[IstioLabel.revision] { return .named(Revision(name)) }
        return labels["istio.io/dataplane-mode"] == "ambient" ? .ambient : .none
    }

    enum Selection: Hashable, Sendable {
        /// Whoever is the default injects.
        case byDefault
        /// A revision or tag by its name, which may be `default`.
        case named(Revision)
        case refused
        case ambient
        case none
    }

    /// Whether it carries both labels, of which `istio.io/rev` is then ignored.
    var hasBothLabels: Bool {
        labels[IstioLabel.injection] != nil && labels[IstioLabel.revision] != nil
    }

    var isActive: Bool {
        !object.isTerminating && (object.status["phase"]?.string ?? "Active") == "Active"
    }

    /// Namespaces whose removal would take the mesh, its managers or the
    /// cluster itself along. Nothing of ours ever deletes one.
    static func isProtected(_ name: String) -> Bool {
        protected.contains(name) || name.hasPrefix("kube-") || name.hasPrefix("gm-iop-")
    }

    private static let protected: Set<String> = [
        "default", "istio-system", "gloo-mesh", "gloo-mesh-gateways", "bigbang", "istio-gateway",
    ]
}

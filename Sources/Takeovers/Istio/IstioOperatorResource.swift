import FleetModel

/// An IstioOperator resource in a workload cluster.
struct IstioOperatorResource: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    var revision: Revision {
        Revision(object.spec["revision"]?.nonEmpty ?? Revision.unnamed.rawValue)
    }

    /// Whether no operator acts on it: what `istioctl install` leaves behind.
    var isIgnored: Bool {
        object.annotations["install.istio.io/ignoreReconcile"] == "true"
            || object.name.hasPrefix("installed-state")
    }

    /// Whether Gloo made it; such a resource is changed through Gloo alone.
    var isManaged: Bool { object.namespace.hasPrefix("gm-iop-") }

    /// Whether it brings a control plane, rather than gateways only.
    var isControlPlane: Bool {
        if object.status[path: ["componentStatus", "Pilot"]] != nil { return true }
        if let enabled = object.spec[path: ["components", "pilot", "enabled"]]?.bool {
            return enabled
        }
        return object.spec["profile"]?.string != "empty"
    }

    /// `HEALTHY` and so on; `nil` when no operator has looked at it yet.
    var state: String? { object.status["status"]?.nonEmpty }

    /// What it and its components complain about, in the order of their names.
    var errors: [String] {
        let components = object.status["componentStatus"]?.object ?? [:]
        let own = object.status["message"]?.nonEmpty.map { [$0] } ?? []
        return own
            + components.keys.sorted().compactMap { name in
                components[name]?["error"]?.nonEmpty.map { "\(name): \($0)" }
            }
    }

    /// The unmanaged installation's resources of a revision, in order of name.
    static func unmanaged(_ objects: [JSON], of revision: Revision) -> [IstioOperatorResource] {
        objects.map(IstioOperatorResource.init)
            .filter { !$0.isManaged && !$0.isIgnored && $0.revision == revision }
            .sorted { $0.object.qualifiedName < $1.object.qualifiedName }
    }
}

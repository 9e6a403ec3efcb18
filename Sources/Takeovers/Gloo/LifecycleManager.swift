import FleetModel

/// An IstioLifecycleManager or GatewayLifecycleManager of Gloo's management plane.
struct LifecycleManager: Hashable, Sendable {
    let kind: Kind
    let object: JSON

    enum Kind: String, Hashable, Sendable {
        case controlPlane = "IstioLifecycleManager"
        case gateway = "GatewayLifecycleManager"

        /// The resource as API paths name it.
        var plural: String { rawValue.lowercased() + "s" }
        /// The resource as kubectl takes it without guessing the group.
        var resource: String { "\(plural).admin.gloo.solo.io" }
        /// The field of an installation that holds its revision.
        var revisionKey: String { self == .controlPlane ? "revision" : "gatewayRevision" }
    }

    var installations: [JSON] { object.spec.items("installations") }

    /// The position of a revision's installation.
    func installation(of revision: Revision) -> Int? {
        installations.firstIndex { $0[kind.revisionKey]?.string == revision.rawValue }
    }

    /// The position of a cluster's entry in an installation.
    func entry(of cluster: String, in installation: Int) -> Int? {
        guard installations.indices.contains(installation) else { return nil }
        return installations[installation].items("clusters")
            .firstIndex { $0["name"]?.string == cluster }
    }

    /// The image tag an installation asks for.
    func tag(of installation: Int) -> String? {
        operatorSpec(of: installation)?["tag"]?.string
    }

    /// Where it takes its images from.
    func hub(of installation: Int) -> String? {
        operatorSpec(of: installation)?["hub"]?.nonEmpty
    }

    private func operatorSpec(of installation: Int) -> JSON? {
        guard installations.indices.contains(installation) else { return nil }
        return installations[installation]["istioOperatorSpec"]
    }

    /// How far the management plane says it is with one cluster.
    ///
    /// The status carries no generation, so after an edit the old `HEALTHY`
    /// lingers: one that was observed for another tag or hub counts as waiting. Look at
    /// the cluster itself as well.
    func state(
        of cluster: String, revision: Revision, tag: String?, hub: String? = nil
    ) -> LifecycleState {
        let status = object.status[path: ["clusters", cluster, "installations", revision.rawValue]]
        guard let status, !status.isNull else { return .waiting("not processed yet") }
        let state = LifecycleState(
            status["state"]?.string ?? "PENDING", message: status["message"]?.nonEmpty)
        let observed = status["observedOperator"] ?? .null
        if state == .healthy, let tag, let old = observed["tag"]?.nonEmpty, old != tag {
            return .waiting("HEALTHY, but still for \(old)")
        }
        // The hub's key is an entitlement, so neither of the two is named.
        if state == .healthy, let hub, let old = observed["hub"]?.nonEmpty, old != hub {
            return .waiting("HEALTHY, but still for another hub")
        }
        return state
    }
}

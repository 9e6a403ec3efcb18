import FleetModel

/// What the management plane knows of the cluster.
struct ManagementFacts {
    /// `nil` when it does not know the cluster.
    let approval: String?
    let manager: LifecycleManager?
    /// How what is there already contradicts the takeover, one clause each.
    let contradictions: [String]
    let rootTrustPolicies: [JSON]

    init(_ view: ClusterView, _ gloo: GlooSituation) throws(Pause) {
        guard let manifest = gloo.manifest(.controlPlane) else {
            throw .terminal("the takeover has no manifest of the control plane")
        }
        let paths = ManagementPaths(manifest, gloo)
        approval = try view.object(paths.cluster, on: .management)?.approval
        manager = try view.object(manifest.path, on: .management).map {
            LifecycleManager(kind: .controlPlane, object: $0)
        }
        var contradictions: [String] = []
        for managed in Self.installations(gloo) {
            guard let manager = try managed.manager(view) else { continue }
            contradictions += managed.contradiction(in: manager).map { [$0] } ?? []
        }
        self.contradictions = contradictions
        rootTrustPolicies = try view.optionalList(paths.policies, on: .management) ?? []
    }

    static func readings(_ gloo: GlooSituation) -> [Reading] {
        guard let manifest = gloo.manifest(.controlPlane) else { return [] }
        let paths = ManagementPaths(manifest, gloo)
        return .paths([paths.cluster, paths.policies], on: .management)
            + installations(gloo).map(\.reading)
    }

    /// Everything that the takeover has Gloo install.
    private static func installations(_ gloo: GlooSituation) -> [ManagedInstallation] {
        GlooManifestRole.allCases.compactMap { role in
            gloo.manifest(role).map { ManagedInstallation(manifest: $0, gloo: gloo) }
        }
    }
}

private struct ManagementPaths {
    let cluster: String
    let policies: String

    init(_ manifest: LifecycleManifest, _ gloo: GlooSituation) {
        cluster = APIPath.gloo(
            "kubernetesclusters", gloo.registeredName, in: manifest.namespace)
        policies = APIPath.glooList("roottrustpolicies", in: manifest.namespace)
    }
}

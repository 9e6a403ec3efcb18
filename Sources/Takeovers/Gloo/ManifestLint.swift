import FleetModel

/// What is wrong with a lifecycle manager's manifest (checks A.1 and PG3).
struct ManifestLint {
    let role: GlooManifestRole
    let text: String
    let takeover: Takeover

    init(_ role: GlooManifestRole, text: String, takeover: Takeover) {
        (self.role, self.text, self.takeover) = (role, text, takeover)
    }

    /// One clause each.
    var complaints: [String] {
        guard
            let manifest = LifecycleManifest(role.kind, text: text, revision: takeover.revision)
        else { return ["it should be one \(role.kind.rawValue)"] }
        return naming(manifest) + installations(manifest) + versions(manifest)
            + gateways(manifest) + platform(manifest) + identity(manifest)
    }

    /// Whether it is the old one's is seen on the cluster, before anything is installed.
    private func identity(_ manifest: LifecycleManifest) -> [String] {
        guard let wanted = GlooSettings(takeover.parameters).trustDomain,
            let domain = manifest.meshTrustDomain, domain != wanted
        else { return [] }
        return [
            "istioOperatorSpec.meshConfig.trustDomain should be \(wanted.quoted), "
                + "got: \(domain.quoted)"
        ]
    }

    private func naming(_ manifest: LifecycleManifest) -> [String] {
        manifest.name.isEmpty ? ["it has no metadata.name"] : []
    }

    private func installations(_ manifest: LifecycleManifest) -> [String] {
        let all = manifest.object.spec.items("installations")
        guard !all.isEmpty else { return ["it has no spec.installations"] }
        let key = role.kind.revisionKey
        let revisions = all.map { $0[key]?.string }
        let fits = revisions.contains(takeover.revision.rawValue) || revisions == [nil]
        let defaults = all.flatMap { $0.items("clusters") }
            .filter { $0["defaultRevision"]?.bool == true }
        return
            (fits
            ? [] : ["no installation has \(key) \(takeover.revision.rawValue.quoted)"])
            + defaults.map {
                "defaultRevision should be false for \($0["name"]?.string ?? "every cluster"): "
                    + "a takeover begins without it"
            }
    }

    private func versions(_ manifest: LifecycleManifest) -> [String] {
        let tag = manifest.operatorSpec["tag"]?.string
        guard tag != takeover.version else { return [] }
        return [
            "istioOperatorSpec.tag should be \(takeover.version.quoted), "
                + "got: \(tag?.quoted ?? "nothing")"
        ]
    }

    /// On OpenShift no init container may set up a pod's network, so an agent of the node has to.
    private func platform(_ manifest: LifecycleManifest) -> [String] {
        guard role == .controlPlane else { return [] }
        let profile = manifest.operatorSpec["profile"]?.string
        guard MoveSettings(takeover.parameters).isOpenShift else {
            guard profile == "openshift" else { return [] }
            return [
                #"istioOperatorSpec.profile is "openshift": set the parameter "platform" to it"#
            ]
        }
        let agent = manifest.operatorSpec[path: ["components", "cni", "enabled"]]?.bool
        return
            (profile == "openshift"
            ? []
            : [
                "istioOperatorSpec.profile should be \"openshift\", "
                    + "got: \(profile?.quoted ?? "nothing")"
            ])
            + (agent == true
                ? []
                : ["istioOperatorSpec.components.cni.enabled should be true on OpenShift"])
    }

    /// Load balancers of AWS ask the first port whether a node is well.
    private func gateways(_ manifest: LifecycleManifest) -> [String] {
        guard role != .controlPlane else { return [] }
        let gateways = manifest.operatorSpec["components"]?.items("ingressGateways") ?? []
        let none = manifest.gateways.isEmpty ? ["it has no enabled gateway"] : []
        return none
            + gateways.compactMap { gateway in
                let service = gateway[path: ["k8s", "service"]] ?? .null
                guard let first = service.items("ports").first?["name"]?.string,
                    first != "status-port"
                else { return nil }
                let name = gateway["name"]?.string ?? "a gateway"
                return "\(name): the first port should be \"status-port\", got: \(first.quoted)"
            }
    }
}

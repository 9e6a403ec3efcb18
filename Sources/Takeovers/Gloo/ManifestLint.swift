import FleetModel

/// What is wrong with a lifecycle manager's manifest (checks A.1 and PG3).
struct ManifestLint {
    let role: GlooManifestRole
    let text: String
    let takeover: Takeover

    init(_ role: GlooManifestRole, text: String, takeover: Takeover) {
        (self.role, self.text, self.takeover) = (role, text, takeover)
    }

    /// One clause each, with the place in the manifest that it is about.
    var complaints: [TakeoverProblem] {
        guard
            let manifest = LifecycleManifest(role.kind, text: text, revision: takeover.revision)
        else { return [complaint("it should be one \(role.kind.rawValue)", at: [])] }
        return naming(manifest) + installations(manifest) + versions(manifest)
            + gateways(manifest) + platform(manifest) + identity(manifest) + place(manifest)
    }

    private func complaint(_ words: String, at path: [String]) -> TakeoverProblem {
        TakeoverProblem(.content(role.rawValue, path), words)
    }

    /// Whether it is the old one's is seen on the cluster, before anything is installed.
    private func identity(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        guard let wanted = GlooSettings(takeover.parameters).trustDomain,
            let domain = manifest.meshTrustDomain, domain != wanted
        else { return [] }
        return [
            complaint(
                "istioOperatorSpec.meshConfig.trustDomain should be \(wanted.quoted), "
                    + "got: \(domain.quoted)",
                at: manifest.operatorPath + ["meshConfig", "trustDomain"])
        ]
    }

    /// Everything that is read of a control plane and removed of one is looked for there alone.
    private func place(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        let paths = [["namespace"], ["values", "global", "istioNamespace"]]
        return paths.compactMap { path in
            guard let place = manifest.operatorSpec[path: path], place.string != "istio-system"
            else { return nil }
            let name = path.joined(separator: ".")
            return complaint(
                "istioOperatorSpec.\(name) should be \("istio-system".quoted), got: \(place)",
                at: manifest.operatorPath + path)
        }
    }

    private func naming(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        manifest.name.isEmpty ? [complaint("it has no metadata.name", at: ["metadata"])] : []
    }

    private func installations(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        let all = manifest.object.spec.items("installations")
        guard !all.isEmpty else { return [complaint("it has no spec.installations", at: ["spec"])] }
        let key = role.kind.revisionKey
        let revisions = all.map { $0[key]?.string }
        let fits = revisions.contains(takeover.revision.rawValue) || revisions == [nil]
        let words = "no installation has \(key) \(takeover.revision.rawValue.quoted)"
        return (fits ? [] : [complaint(words, at: LifecycleManifest.installationsPath)])
            + all.enumerated().flatMap { defaults($1, number: $0) }
    }

    private func defaults(_ installation: JSON, number: Int) -> [TakeoverProblem] {
        installation.items("clusters").enumerated().compactMap { index, entry in
            guard entry["defaultRevision"]?.bool == true else { return nil }
            return complaint(
                "defaultRevision should be false for \(entry["name"]?.string ?? "every cluster"): "
                    + "a takeover begins without it",
                at: LifecycleManifest.installationsPath
                    + ["\(number)", "clusters", "\(index)", "defaultRevision"])
        }
    }

    private func versions(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        let tag = manifest.operatorSpec["tag"]?.string
        guard tag != takeover.version else { return [] }
        return [
            complaint(
                "istioOperatorSpec.tag should be \(takeover.version.quoted), "
                    + "got: \(tag?.quoted ?? "nothing")",
                at: manifest.operatorPath + ["tag"])
        ]
    }

    /// On OpenShift no init container may set up a pod's network, so an agent of the node has to.
    private func platform(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        guard role == .controlPlane else { return [] }
        let profile = manifest.operatorSpec["profile"]?.string
        let place = manifest.operatorPath + ["profile"]
        guard MoveSettings(takeover.parameters).isOpenShift else {
            guard profile == "openshift" else { return [] }
            let words =
                #"istioOperatorSpec.profile is "openshift": set the parameter "platform" to it"#
            return [complaint(words, at: place)]
        }
        let words =
            "istioOperatorSpec.profile should be \"openshift\", "
            + "got: \(profile?.quoted ?? "nothing")"
        return (profile == "openshift" ? [] : [complaint(words, at: place)]) + agent(manifest)
    }

    private func agent(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        let path = ["components", "cni", "enabled"]
        guard manifest.operatorSpec[path: path]?.bool != true else { return [] }
        return [
            complaint(
                "istioOperatorSpec.components.cni.enabled should be true on OpenShift",
                at: manifest.operatorPath + path)
        ]
    }

    private func gateways(_ manifest: LifecycleManifest) -> [TakeoverProblem] {
        guard role != .controlPlane else { return [] }
        let gateways = manifest.operatorSpec["components"]?.items("ingressGateways") ?? []
        let place = manifest.operatorPath + ["components"]
        let none =
            manifest.gateways.isEmpty ? [complaint("it has no enabled gateway", at: place)] : []
        return none
            + gateways.enumerated().compactMap { index, gateway in
                firstPort(gateway, at: place + ["ingressGateways", "\(index)"])
            }
    }

    /// Load balancers of AWS ask the first port whether a node is well.
    private func firstPort(_ gateway: JSON, at place: [String]) -> TakeoverProblem? {
        let path = ["k8s", "service"]
        guard let first = gateway[path: path]?.items("ports").first?["name"]?.string,
            first != "status-port"
        else { return nil }
        let name = gateway["name"]?.string ?? "a gateway"
        return complaint(
            "\(name): the first port should be \"status-port\", got: \(first.quoted)",
            at: place + path + ["ports", "0", "name"])
    }
}

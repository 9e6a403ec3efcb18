import FleetModel

/// Has Gloo install the new control plane beside the old one, not as default.
struct AddControlPlane: StepRecipe {
    static let outline = StepOutline(
        "add-control-plane", title: "install the new control plane beside the old one")
    let gloo: GlooSituation
    let managed: ManagedInstallation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))
    let edits = Target.management
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try managed.refuseOtherVersion(view)
        guard let place = try managed.place(view) else {
            try requireRegistration(view)
            try requireKept(managed.manifest.meshTrustDomain, in: "the manifest", view)
            _ = try gloo.neededTrustDomain(view)
            return .notDone("\(gloo.registeredName) is not in \(managed.manifest.label)")
        }
        try requireTrustDomain(of: place, view)
        if let trouble = managed.trouble(place, view) { return trouble }
        return try effect(view)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let entry = entry(trustDomain: try gloo.neededTrustDomain(view))
        return [try managed.addition(of: entry, view)]
    }

    /// The status may be an old one, so the cluster itself has to agree.
    private func effect(_ view: ClusterView) throws(Pause) -> Observation {
        let name = gloo.move.newName("istiod")
        guard let deployment = try gloo.move.deployment(name, in: "istio-system", view),
            let istiod = ControlPlane(deployment)
        else { return .partial("Gloo says HEALTHY, but \(name) is not there yet") }
        guard istiod.runs(gloo.version) else {
            return .partial("\(name) runs \(istiod.version ?? "another version")")
        }
        if let complaint = istiod.rollout.complaint { return .partial("\(name): \(complaint)") }
        return .done("Gloo says HEALTHY, and \(name) \(gloo.version) is available")
    }

    /// Gloo does nothing for a cluster it has not accepted.
    private func requireRegistration(_ view: ClusterView) throws(Pause) {
        let path = APIPath.gloo(
            "kubernetesclusters", gloo.registeredName, in: managed.manifest.namespace)
        guard let registered = try view.object(path, on: .management) else {
            throw .terminal("Gloo knows no KubernetesCluster \(gloo.registeredName)")
        }
        let approval = registered.approval
        guard approval == "ACCEPTED" else {
            throw .terminal("KubernetesCluster \(gloo.registeredName) is \(approval)")
        }
    }

    /// An entry that somebody else made may say another. Where it says nothing, what Gloo made of
    /// that is seen in the mesh itself, by the step that checks the control plane.
    private func requireTrustDomain(
        of place: ManagedInstallation.Place, _ view: ClusterView
    ) throws(Pause) {
        let label = managed.manifest.label
        try requireKept(place.value["trustDomain"]?.nonEmpty, in: label, view)
        try requireKept(place.meshTrustDomain, in: label, view)
    }

    private func requireKept(
        _ domain: String?, in place: String, _ view: ClusterView
    ) throws(Pause) {
        guard let domain, let kept = try gloo.keptTrustDomain(view), domain != kept else { return }
        throw .terminal(
            "\(place) gives \(gloo.registeredName) the trust domain \(domain), not \(kept): every "
                + "identity would change in the middle of the move")
    }

    private func entry(trustDomain: String) -> JSON {
        [
            "name": .string(gloo.registeredName), "defaultRevision": false,
            "trustDomain": .string(trustDomain),
        ]
    }

    var preview: StepPreview {
        let entry = entry(trustDomain: gloo.settings.trustDomain ?? "<old trust domain>")
        return StepPreview(
            reads: [managed.reading],
            acts: managed.previewedAddition(of: entry),
            proof: "\(managed.manifest.label) says HEALTHY for \(gloo.registeredName), and "
                + "\(gloo.move.newName("istiod")) runs \(gloo.version) and is available",
            compensation: [managed.previewedRemoval])
    }
}

extension LifecycleManifest {
    var meshTrustDomain: String? { operatorSpec[path: ["meshConfig", "trustDomain"]]?.nonEmpty }
}

extension ManagedInstallation.Place {
    /// What the installation says for all of its clusters.
    fileprivate var meshTrustDomain: String? {
        let path = ["istioOperatorSpec", "meshConfig", "trustDomain"]
        return manager.installations[installation][path: path]?.nonEmpty
    }
}

extension ManagedInstallation {
    var previewedRemoval: Command {
        removal(
            resourceVersion: "<resourceVersion>", position: "<installation>", entry: "<cluster>")
    }
}

extension JSON {
    /// What the management plane thinks of a KubernetesCluster.
    var approval: String {
        status[path: ["common", "State", "approval"]]?.nonEmpty ?? "PENDING"
    }
}

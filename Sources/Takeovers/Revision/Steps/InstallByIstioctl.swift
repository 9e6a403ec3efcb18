import FleetModel

/// Has istioctl install the new istiod beside the old one.
///
/// istioctl keeps no record of what it did, so the cluster alone tells how far it came. What it
/// applies may be applied again.
struct InstallByIstioctl: StepRecipe {
    let move: Move
    /// An IstioOperator, as JSON.
    let profile: String
    let mesh: MeshContinuity

    let outline = InstallControlPlane.outline
    let patience = Patience(timeout: .minutes(20), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    private var name: String { move.newName("istiod") }
    private var deployment: String { Move.deploymentPath(name, in: "istio-system") }
    /// What istiod and its injector are told, without which neither works.
    private var configurations: [String] {
        ["istio", "istio-sidecar-injector"].map {
            APIPath.configMap(move.newName($0), in: "istio-system")
        }
    }
    private var service: String { Move.servicePath(name, in: "istio-system") }
    private var paths: [String] {
        [deployment, service, APIPath.mutatingWebhooks] + configurations + mesh.paths
            + PrunedComponents.paths
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let observation = try look(view)
        if case .notDone = observation { try requireHarmlessness(view) }
        return observation
    }

    /// Who brought an agent or a gateway to the new revision by hand would lose it.
    private func requireHarmlessness(_ view: ClusterView) throws(Pause) {
        let pruned = PrunedComponents(
            of: move.revision, deployments: try view.list(APIPath.deployments),
            daemonSets: try view.list(APIPath.daemonSets))
        if let complaint = pruned.complaint { throw .terminal(complaint) }
    }

    private func look(_ view: ClusterView) throws(Pause) -> Observation {
        guard let deployment = try view.object(deployment), let istiod = ControlPlane(deployment)
        else { return .notDone("there is no \(name) yet") }
        if let release = deployment.helmRelease {
            throw .terminal("\(name) is of Helm's release \(release)")
        }
        guard istiod.runs(move.version) else {
            throw .terminal("\(name) runs \(istiod.version ?? "another version")")
        }
        if let lack = try lack(view) {
            return view.context.lastRun.isEmpty ? .notDone(lack) : .partial(lack)
        }
        if let complaint = istiod.rollout.complaint { return .partial("\(name): \(complaint)") }
        try mesh.require(view)
        return .done("\(name) \(move.version) is available, with its Service and injector")
    }

    /// What an istioctl that died half-way did not get to.
    private func lack(_ view: ClusterView) throws(Pause) -> String? {
        for path in configurations + [service] where try view.object(path) == nil {
            return "\(path.split(separator: "/").last ?? "") is not there yet"
        }
        guard try move.injection(view).own(move.revision) == nil else { return nil }
        return "the injector of \(move.revision) is not there yet"
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [installation] }

    private var istioctl: Istioctl { Istioctl(cluster: move.situation.cluster) }
    private var installation: Command {
        istioctl.installation(of: move.revision, from: profile)
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths), acts: [installation],
            proof: "\(name) runs \(move.version), is available and none of Helm's; its Service, "
                + "configuration and injector are there, and its mesh is as before",
            compensation: [istioctl.removal(of: move.revision)])
    }
}

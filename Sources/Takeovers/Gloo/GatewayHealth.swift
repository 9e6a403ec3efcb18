import FleetModel

/// Whether the gateways of the new revision run and can be reached.
struct GatewayHealth: Sendable {
    let gloo: GlooSituation

    init(_ gloo: GlooSituation) { self.gloo = gloo }

    /// What is missing first, as the end of a sentence; `nil` when nothing is.
    func lack(
        of gateways: [LifecycleManifest.Gateway], _ view: ClusterView
    ) throws(Pause) -> String? {
        try view.require(gateways.flatMap(paths))
        for gateway in gateways {
            if let lack = try lack(of: gateway, view) { return lack }
        }
        return nil
    }

    private func lack(
        of gateway: LifecycleManifest.Gateway, _ view: ClusterView
    ) throws(Pause) -> String? {
        let name = deploymentName(gateway)
        guard let deployment = try gloo.deployment(name, in: gateway.namespace, view) else {
            return "Deployment \(gateway.namespace)/\(name) is not there yet"
        }
        if let complaint = Rollout(of: deployment, kind: "Deployment").complaint {
            return "Deployment \(name): \(complaint)"
        }
        guard let proxy = Proxy(of: deployment.template), gloo.isOnTarget(proxy) else {
            return "Deployment \(name) does not run \(gloo.revision) \(gloo.version)"
        }
        return try serviceLack(of: gateway, view)
    }

    private func serviceLack(
        of gateway: LifecycleManifest.Gateway, _ view: ClusterView
    ) throws(Pause) -> String? {
        let path = GlooSituation.servicePath(gateway.name, in: gateway.namespace)
        guard let service = try view.object(path) else {
            return "Service \(gateway.namespace)/\(gateway.name) is not there yet"
        }
        guard service.spec["type"]?.string == "LoadBalancer" else { return nil }
        guard service.loadBalancerAddress == nil else { return nil }
        return "Service \(gateway.namespace)/\(gateway.name) has no address yet"
    }

    private func paths(_ gateway: LifecycleManifest.Gateway) -> [String] {
        [
            GlooSituation.deploymentPath(deploymentName(gateway), in: gateway.namespace),
            GlooSituation.servicePath(gateway.name, in: gateway.namespace),
        ]
    }

    private func deploymentName(_ gateway: LifecycleManifest.Gateway) -> String {
        gloo.newName(gateway.name)
    }
}

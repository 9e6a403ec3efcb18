import FleetModel

/// The addresses of gateways that Gloo makes in another namespace than the old ones have: both
/// serve, each at its own.
struct GlooAddresses: AddressSource {
    let gloo: GlooSituation
    /// Whether clients are led back: as far as they were to be led over.
    var isBack = false

    var move: Move { gloo.move }
    var settings: AddressSettings { AddressSettings(gloo.takeover.parameters) }
    /// Where the lease is, too.
    let namespace = WriterLock.namespace
    let keepsOldGateways = true

    var readings: [Reading] {
        .paths(GatewaySwitch.paths + GatewayHosts.paths)
    }

    func changes(_ view: ClusterView) throws(Pause) -> [AddressChange] {
        let hosts = try GatewayHosts(view)
        let pods = try view.pods().filter(\.isAlive)
        var changes: [AddressChange] = []
        for front in try GatewaySwitch(view, for: gloo.move).fronts where front.isElsewhere {
            changes += try self.changes(of: front.service, hosts, pods, view)
        }
        guard isBack else { return changes }
        return try wasPublished(view) ? changes.compactMap(\.reversed) : []
    }

    private func wasPublished(_ view: ClusterView) throws(Pause) -> Bool {
        try view.object(APIPath.configMap(AddressChanges.mapName, in: namespace)) != nil
    }

    private func changes(
        of service: JSON, _ hosts: GatewayHosts, _ pods: [Pod], _ view: ClusterView
    ) throws(Pause) -> [AddressChange] {
        guard service.spec["type"]?.string == "LoadBalancer" else {
            throw .terminal(
                "clients of Service \(service.qualifiedName) come in by the nodes' addresses, "
                    + "which no record leads over; lead them, and set the parameter "
                    + #""gateways" to "none""#)
        }
        // Nobody comes in where there is no address.
        guard let old = service.loadBalancerAddress else { return [] }
        let new = try address(for: service, view)
        guard new != old else { return [] }
        let labels = service.spec["selector"]?.strings ?? [:]
        let names = hosts.names(
            of: pods.filter {
                $0.namespace == service.namespace
                    && Selector(matchLabels: labels).matches($0.labels)
            })
        return (names.isEmpty ? ["<hosts of \(service.name)>"] : names).map {
            AddressChange(host: $0, old: old, new: new)
        }
    }

    /// Where the gateway that stands for an old one is found.
    private func address(for old: JSON, _ view: ClusterView) throws(Pause) -> String {
        let services = try view.list(APIPath.services).filter { service in
            gloo.gateways.contains { $0.isEntered(by: service) }
        }
        guard
            let new = services.first(where: { $0.hasRole(of: old) })
                ?? services.first(where: { $0.name == old.name })
        else {
            throw .terminal("no new gateway stands for Service \(old.qualifiedName)")
        }
        guard let address = new.loadBalancerAddress else {
            throw .unclear("Service \(new.qualifiedName) has no address yet")
        }
        return address
    }
}

extension GatewaySwitch.Front {
    /// Whether clients from outside have to be led to another Service.
    var isElsewhere: Bool { !hasNewPods && isExternal }
}

extension JSON {
    /// Whether two Services lead to gateways of the same kind.
    fileprivate func hasRole(of other: JSON) -> Bool {
        guard let role = other.spec[path: ["selector", "istio"]]?.nonEmpty else { return false }
        return spec[path: ["selector", "istio"]]?.nonEmpty == role
    }
}

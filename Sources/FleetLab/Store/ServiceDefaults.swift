import FleetModel

/// The defaults of Services; their addresses are the store's business.
enum ServiceDefaults {
    static func fill(_ service: inout JSON) {
        service.setDefault("spec", [:])
        service.setDefault("status", ["loadBalancer": [:]])
        service.edit("spec") { spec in
            spec.setDefault("type", "ClusterIP")
            spec.setDefault("sessionAffinity", "None")
            spec.editEach("ports") { fillPort(&$0) }
            guard spec["type"] != "ExternalName" else { return }
            spec.setDefault("internalTrafficPolicy", "Cluster")
            spec.setDefault("ipFamilies", ["IPv4"])
            spec.setDefault("ipFamilyPolicy", "SingleStack")
            guard spec["type"] != "ClusterIP" else { return }
            spec.setDefault("externalTrafficPolicy", "Cluster")
            guard spec["type"] == "LoadBalancer" else { return }
            spec.setDefault("allocateLoadBalancerNodePorts", true)
        }
    }

    private static func fillPort(_ port: inout JSON) {
        port.setDefault("protocol", "TCP")
        if let number = port["port"] { port.setDefault("targetPort", number) }
    }
}

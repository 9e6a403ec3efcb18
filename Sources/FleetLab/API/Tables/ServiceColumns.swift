import FleetModel

/// The columns of `kubectl get services`.
enum ServiceColumns {
    static let all: [TableColumn] = [
        .name,
        .text("Type", "spec", "type"),
        TableColumn("Cluster-IP") { service, _ in
            let address = service["spec"]?["clusterIP"]?.string ?? ""
            return address.isEmpty ? "<none>" : .string(address)
        },
        TableColumn("External-IP") { service, _ in .string(externalAddress(of: service)) },
        TableColumn("Port(s)") { service, _ in .string(ports(of: service)) },
        .age,
        TableColumn("Selector", priority: 1) { service, _ in
            .string(WorkloadColumns.labelText(service["spec"]?["selector"]))
        },
    ]

    private static func externalAddress(of service: JSON) -> String {
        switch service["spec"]?["type"] {
        case "LoadBalancer":
            let ingress = service["status"]?["loadBalancer"]?["ingress"]?.array ?? []
            let addresses = ingress.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
            return addresses.isEmpty ? "<pending>" : addresses.joined(separator: ",")
        case "ExternalName": return service["spec"]?["externalName"]?.string ?? "<none>"
        default:
            let addresses = service["spec"]?["externalIPs"]?.array?.compactMap(\.string) ?? []
            return addresses.isEmpty ? "<none>" : addresses.joined(separator: ",")
        }
    }

    private static func ports(of service: JSON) -> String {
        let ports = (service["spec"]?["ports"]?.array ?? []).map { port in
            let number = port["port"]?.int ?? 0
            let node = port["nodePort"]?.int.map { ":\($0)" } ?? ""
            return "\(number)\(node)/\(port["protocol"]?.string ?? "TCP")"
        }
        return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
    }
}

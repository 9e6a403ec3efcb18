import FleetModel

/// What has to change in DNS: the new gateways have addresses of their own.
struct AddressChanges: Hashable, Sendable {
    /// One line each: host, type, old and new value.
    let records: [String]

    static let mapName = "fleet-istio-migration-dns"
    static let answer = "bellwether/dns"
    static var mapPath: String { APIPath.configMap(mapName, in: BigBangPackages.namespace) }

    static var readings: [Reading] {
        [BigBangPackages.reading]
            + .paths([APIPath.services, GatewayRoutes.path, Baseline.path, mapPath])
    }

    init(_ view: ClusterView) throws(Pause) {
        try view.require(Self.readings)
        let old = try Baseline.saved(view)?.addresses ?? [:]
        let services = try view.list(APIPath.services)
        let routes = try GatewayRoutes(view)
        let packages = try BigBangPackages(view)
        guard packages.variant != .nothingToDo else {
            records = []
            return
        }
        records = packages.gateways.flatMap { release -> [String] in
            let service = services.first {
                $0.namespace == release.targetNamespace && $0.name == release.name
            }
            guard let address = service?.loadBalancerAddress, address != old[release.name] else {
                return []
            }
            let was = old[release.name] ?? "nothing known"
            return routes.hosts(behind: release.name).map {
                "\($0) \(address.recordType) \(was) -> \(address)"
            }
        }.sorted()
    }

    private init(records: [String]) { self.records = records }

    /// As `--explain` shows it.
    static let example = AddressChanges(records: ["<host> <type> <old address> -> <new address>"])

    /// Whether an operator has said of exactly these that clients find the new addresses.
    func isAcknowledged(_ view: ClusterView) throws(Pause) -> Bool {
        guard let map = try view.object(Self.mapPath) else { return false }
        return map[path: ["data", "records"]]?.string == text
            && map.annotations[Self.answer] == "done"
    }

    func isPublished(_ view: ClusterView) throws(Pause) -> Bool {
        try view.object(Self.mapPath)?[path: ["data", "records"]]?.string == text
    }

    private var text: String { records.joined(separator: "\n") }

    /// Other records than before take the answer that was given to those away.
    func publication(_ kubectl: Kubectl) -> Command {
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(Self.mapName), "namespace": .string(BigBangPackages.namespace),
                "annotations": [Self.answer: "asked"],
            ],
            "data": ["records": .string(text)],
        ]
        return kubectl.change(
            ["apply", "--server-side", "--force-conflicts", "-f", "-"], stdin: map.description,
            purpose: "write down which DNS records have to change")
    }

    /// What an operator types once clients find the new addresses.
    static func acknowledgement(_ cluster: Cluster) -> String {
        Command(
            cluster.kubectl([
                "-n", BigBangPackages.namespace, "annotate", "--overwrite", "configmap", mapName,
                "\(answer)=done",
            ]), isMutating: true
        ).shellLine
    }
}

extension GatewayRoutes {
    /// The hosts that a new gateway serves; the gateway itself when no route names any.
    fileprivate func hosts(behind gateway: String) -> [String] {
        let name = "\(BigBangPackages.gatewayNamespace)/\(gateway)"
        let hosts = services.filter { service in
            service.spec.items("gateways").contains { gateway in
                gateway.string == name || gateway.string.flatMap(Self.successor) == name
            }
        }.flatMap { $0.spec.items("hosts").compactMap(\.string) }
        return hosts.isEmpty ? ["<hosts of \(gateway)>"] : Set(hosts).sorted()
    }
}

extension String {
    /// The type of record that leads to an address.
    fileprivate var recordType: String {
        if contains(":") { return "AAAA" }
        let isAddress = split(separator: ".").allSatisfy { UInt8($0) != nil }
        return isAddress ? "A" : "CNAME"
    }
}

import FleetModel

/// The addresses of Big Bang's gateways: those of before were saved, for they go with the old
/// gateways.
struct BigBangAddresses: AddressSource {
    let bigBang: BigBangSituation

    var move: Move { bigBang.move }
    var settings: AddressSettings { AddressSettings(bigBang.takeover.parameters) }
    let namespace = BigBangPackages.namespace
    let keepsOldGateways = false

    var readings: [Reading] {
        [BigBangPackages.reading]
            + .paths([APIPath.services] + GatewayRoutes.paths)
    }

    func changes(_ view: ClusterView) throws(Pause) -> [AddressChange] {
        let old = try Baseline.saved(view)?.addresses ?? [:]
        let services = try view.list(APIPath.services)
        let routes = try GatewayRoutes(view)
        let packages = try BigBangPackages(view)
        guard packages.variant != .nothingToDo else { return [] }
        return packages.gateways.flatMap { release -> [AddressChange] in
            let service = services.first {
                $0.namespace == release.targetNamespace && $0.name == release.name
            }
            guard let address = service?.loadBalancerAddress, address != old[release.name] else {
                return []
            }
            let name = "\(BigBangPackages.gatewayNamespace)/\(release.name)"
            let hosts = routes.hosts(behind: name)
            // The gateway itself when no route names any.
            return (hosts.isEmpty ? ["<hosts of \(release.name)>"] : hosts).map {
                AddressChange(host: $0, old: old[release.name], new: address)
            }
        }
    }
}

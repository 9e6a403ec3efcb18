import FleetModel

/// The values that a recorded Big Bang was given, as far as its releases tell them.
///
/// A cluster has one control plane or is about to get the other: where the old one is gone or
/// going, the new one is wanted, although its releases may still have to be made. And where
/// nobody waits for the operator any more, gateways are wanted, too.
struct RecordedValues: Sendable {
    let edition: BigBangEdition
    private let packages: Set<String>
    private let gateways: [String]

    init(_ edition: BigBangEdition, _ store: ClusterStore) {
        self.edition = edition
        packages = Set(
            store.list(FluxKinds.releases, namespace: FluxKinds.packages)
                .filter { !$0.isTerminating }.map(\.name))
        let doors = store.list("services", namespace: IstioRevision.space)
            .filter { $0[path: ["spec", "type"]] == "LoadBalancer" }.map(\.name)
        let suffix = BigBangChart.gatewaySuffix
        gateways = packages.union(doors).filter { $0.hasSuffix(suffix) }.sorted()
            .map { String($0.dropLast(suffix.count)) }
    }

    private var hasOperator: Bool { packages.contains("istio-operator") }
    private var hasOldPlane: Bool { packages.contains("istio") }
    private var hasNewPlane: Bool {
        !hasOldPlane || !packages.isDisjoint(with: ["istio-core", "istio-crds", "istiod"])
    }
    private var hasGateways: Bool {
        !hasOperator && hasNewPlane
            || packages.contains { $0.hasSuffix(BigBangChart.gatewaySuffix) }
    }

    /// Which packages are switched on.
    var flags: HelmValues {
        var flags = ["istioOperator": hasOperator, "istio": hasOldPlane]
        for package in edition.controlPlanePackages { flags[package] = hasNewPlane }
        flags["istioGateway"] = hasGateways
        return HelmValues(
            document: .object(flags.mapValues { ["enabled": .bool($0)] }))
    }

    /// The gateways that the cluster has or had, each with a certificate.
    var certificates: HelmValues {
        let certificate: JSON = ["name": "public-cert", "tls": ["cert": "-", "key": "-"]]
        var settings: JSON = [:]
        for gateway in gateways.isEmpty ? ["public"] : gateways {
            settings[gateway] = ["gatewayCerts": [certificate]]
        }
        return HelmValues(document: ["istioGateway": ["values": ["gateways": settings]]])
    }
}

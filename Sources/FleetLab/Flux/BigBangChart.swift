import FleetModel

/// The parent chart: its values switch the packages on and off, and each package is a
/// HelmRelease of its own, with its source and its namespace.
struct BigBangChart: Sendable {
    let release: FluxRelease
    let values: HelmValues
    /// Its own, which the packages' versions follow from.
    let version: String

    /// Namespaces come first; whoever waits for whom is said by `dependsOn`.
    var objects: [JSON] {
        namespaces + packages.flatMap { [source(of: $0.name), helmRelease($0)] }
    }

    private var namespaces: [JSON] {
        [
            (
                "istio-system", ["istio-injection": "disabled"],
                values.enables("istio") || hasControlPlane
            ),
            ("istio-operator", [:], values.enables("istioOperator")),
            ("istio-gateway", ["istio-injection": "enabled"], hasGateways),
        ].filter(\.2).map { Manifest.namespace($0.0, labels: $0.1) }
    }

    private struct Package {
        let name: String
        let space: String
        /// Nil leaves it to Flux, which puts the namespace in front.
        var releaseName: String?
        var dependencies: [String] = []
        var values: JSON?
    }

    private var hasCore: Bool { values.enables("istioCore") }
    private var hasControlPlane: Bool { hasCore || values.enables("istiod") }
    private var hasGateways: Bool { values.enables("istioGateway") && hasControlPlane }

    private var packages: [Package] {
        let old: [Package?] = [
            values.enables("istioOperator")
                ? Package(name: "istio-operator", space: "istio-operator") : nil,
            values.enables("istio")
                ? Package(name: "istio", space: "istio-system", dependencies: ["istio-operator"])
                : nil,
        ]
        return old.compactMap { $0 } + controlPlane + gateways
    }

    private var controlPlane: [Package] {
        var packages: [Package] = []
        if hasCore { packages.append(Package(name: "istio-core", space: "istio-system")) }
        if values.enables("istioCRDs") {
            packages.append(
                Package(name: "istio-crds", space: "istio-system", releaseName: "istio-crds"))
        }
        if values.enables("istiod") {
            packages.append(
                Package(
                    name: "istiod", space: "istio-system", releaseName: "istiod",
                    dependencies: ["istio-crds"]))
        }
        return packages
    }

    private var gateways: [Package] {
        guard hasGateways else { return [] }
        let settings = values.document[path: ["istioGateway", "values", "gateways"]]
        let keys = (settings?.object ?? [:]).filter { $0.value.object?.isEmpty == false }.keys
        return (keys.isEmpty ? ["public"] : keys.sorted()).map { key in
            let name = key + Self.gatewaySuffix
            return Package(
                name: name, space: "istio-gateway", releaseName: name,
                dependencies: hasCore ? [] : ["istiod"], values: settings?[key])
        }
    }

    /// What follows the name that the values call a gateway by.
    static let gatewaySuffix = "-ingressgateway"

    private func source(of name: String) -> JSON {
        Manifest.make(
            "source.toolkit.fluxcd.io/v1", "GitRepository", name, in: FluxKinds.packages,
            [
                "spec": [
                    "url": .string("https://git.example/packages/\(name).git"), "interval": "10m",
                    "ref": ["tag": .string(version)], "timeout": "60s",
                ]
            ])
    }

    private func helmRelease(_ package: Package) -> JSON {
        var spec: JSON = [
            "targetNamespace": .string(package.space), "interval": "2m", "timeout": "10m",
            "install": ["remediation": ["retries": -1]],
            "upgrade": [
                "remediation": ["retries": 3, "remediateLastFailure": true], "cleanupOnFail": true,
            ],
            "rollback": ["timeout": "10m", "cleanupOnFail": true],
            "chart": [
                "spec": [
                    "chart": "./chart", "interval": "5m",
                    "sourceRef": [
                        "kind": "GitRepository", "name": .string(package.name),
                        "namespace": .string(FluxKinds.packages),
                    ],
                ]
            ],
        ]
        spec["values"] = package.values
        spec["releaseName"] = package.releaseName.map(JSON.string)
        if !package.dependencies.isEmpty {
            spec["dependsOn"] = .array(
                package.dependencies.map {
                    ["name": .string($0), "namespace": .string(FluxKinds.packages)]
                })
        }
        return Manifest.make(
            "helm.toolkit.fluxcd.io/v2", "HelmRelease", package.name, in: FluxKinds.packages,
            labels: [
                "app.kubernetes.io/name": package.name, "app.kubernetes.io/component": "core",
                "app.kubernetes.io/part-of": "bigbang",
            ], ["spec": spec])
    }
}

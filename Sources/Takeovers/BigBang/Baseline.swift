import FleetModel

/// How the cluster was before anything changed, kept in a ConfigMap of the cluster.
///
/// Step 1 takes away what later steps compare with: the old gateways' addresses, the root
/// that was trusted, and the resources that a way back would need.
struct Baseline: Hashable, Sendable {
    let document: JSON

    static let name = "fleet-istio-migration-baseline"
    static var path: String { APIPath.configMap(name, in: BigBangPackages.namespace) }

    /// What is read to make one.
    static let paths =
        Workloads.paths + [
            APIPath.services, APIPath.namespaces, APIPath.mutatingWebhooks,
            APIPath.rootCertificates, APIPath.istioOperators, APIPath.gateways,
            APIPath.peerAuthentications, APIPath.virtualServices, MeshSettings.path, path,
        ] + groups

    /// The one that was saved; `nil` when there is none.
    static func saved(_ view: ClusterView) throws(Pause) -> Baseline? {
        guard let text = try view.object(path)?[path: ["data", "baseline"]]?.string else {
            return nil
        }
        guard let document = JSON(parsing: text) else {
            throw .terminal("ConfigMap \(BigBangPackages.namespace)/\(name) is no longer readable")
        }
        return Baseline(document: document)
    }

    /// What stands for one where the old mesh was gone before anything of it could be saved: it
    /// has nothing, so that nothing is compared with it. Without it one that somebody deleted
    /// would look the same.
    static let late = Baseline(
        document: ["isLate": true, "addresses": [:], "bare": [], "objects": [], "roots": [:]])

    /// Why nothing may be taken for unchanged, where there is none.
    static let lossWords =
        "ConfigMap \(BigBangPackages.namespace)/\(name) is gone, and nobody can say whether the "
        + "new mesh is as the old one was: bring it back and resume; or delete the Lease "
        + "\(WriterLock.namespace)/\(WriterLock.name) of this run, and let a new plan go on from "
        + "here, which compares with nothing"

    /// What would be saved now.
    init(_ view: ClusterView, for move: Move) throws(Pause) {
        let services = try view.list(APIPath.services)
        let old = services.filter {
            $0.namespace == BigBangPackages.istioNamespace
                && $0.spec["type"]?.string == "LoadBalancer"
        }
        var saved: [JSON] = []
        for kept in Kept.all { saved += try kept.objects(view) }
        var document: JSON = [
            "addresses": JSON(
                Dictionary(
                    old.compactMap { service in
                        service.loadBalancerAddress.map { (service.name, $0) }
                    }
                ) { first, _ in first }),
            "roots": .object(
                try Self.roots(view).mapValues { .array($0.map(JSON.string)) }),
            "bare": .array(try BareWorkloads(view, move).owners.map { .string($0.description) }),
            "objects": .array(saved),
            "routes": .object(try Self.routes(view)),
            "resources": .array(try Self.resources(view).map(JSON.string)),
        ]
        if let map = try view.object(MeshSettings.path) {
            document["mesh"] = MeshSettings(configMap: map).document
        }
        self.document = document
    }

    init(document: JSON) { self.document = document }

    /// As `--explain` shows it.
    static let empty = Baseline(
        document: ["addresses": [:], "bare": [], "objects": [], "roots": [:]])

    /// The fingerprints of the roots that each namespace trusts, in order.
    static func roots(_ view: ClusterView) throws(Pause) -> [String: [String]] {
        let roots = try view.list(APIPath.rootCertificates)
            .filter { $0.name == "istio-ca-root-cert" }
            .compactMap { map in
                RootCertificates(configMap: map).map { (map.namespace, $0.fingerprints) }
            }
        return Dictionary(roots) { first, _ in first }
    }

    /// The routes behind the old gateways, with the gateways that each names.
    private static func routes(_ view: ClusterView) throws(Pause) -> [String: JSON] {
        let routes = try GatewayRoutes(view).services.map {
            ($0.qualifiedName, $0.spec["gateways"] ?? [])
        }
        return Dictionary(routes) { first, _ in first }
    }

    /// Where the kinds of Istio's configuration are served.
    static let groups = [
        "networking.istio.io/v1beta1", "security.istio.io/v1beta1", "telemetry.istio.io/v1alpha1",
        "extensions.istio.io/v1alpha1",
    ].map { "/apis/\($0)" }

    /// The kinds of Istio's configuration that the server knows, in order. With one of them
    /// all its objects would be gone.
    static func resources(_ view: ClusterView) throws(Pause) -> [String] {
        var names: [String] = []
        for group in groups {
            let list = try view.object(group)?.items("resources") ?? []
            names += list.compactMap { $0["name"]?.string }.filter { !$0.contains("/") }
        }
        return names.sorted()
    }

    var resources: [String] { document.items("resources").compactMap(\.string) }

    /// Addresses of the old gateways, by the names of their Services.
    var addresses: [String: String] { document["addresses"]?.strings ?? [:] }
    /// Fingerprints by namespace. Earlier versions saved those of all namespaces as one list.
    var roots: [String: [String]] {
        let all = document.items("roots").compactMap(\.string)
        guard all.isEmpty else { return [BigBangPackages.istioNamespace: all] }
        return (document["roots"]?.object ?? [:]).mapValues { roots in
            (roots.array ?? []).compactMap(\.string)
        }
    }
    /// What was saved of one kind, as it could be applied once more.
    func objects(of kind: String) -> [JSON] {
        document.items("objects").filter { $0["kind"]?.string == kind }
    }
    var peerAuthentications: [JSON] { objects(of: "PeerAuthentication") }
    /// What the old mesh's ConfigMap said; `nil` when there was none, or nobody looked.
    var mesh: MeshSettings? { MeshSettings(saved: document["mesh"]) }
    /// Workloads that had no sidecar then, although one was asked for.
    var bare: Set<String> { Set(document.items("bare").compactMap(\.string)) }

    func application(_ kubectl: Kubectl) -> Command {
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(Self.name), "namespace": .string(BigBangPackages.namespace),
            ],
            "data": ["baseline": .string(document.description)],
        ]
        // Not as kubectl's last-applied annotation, which would double it.
        return kubectl.change(
            ["apply", "--server-side", "--force-conflicts", "-f", "-"], stdin: map.description,
            purpose: "save how the cluster is before anything changes")
    }
}

/// A kind of object that goes with the old mesh, or may.
private struct Kept: Sendable {
    let path: String
    let kind: String
    let apiVersion: String
    /// A Service is kept for its load balancer only.
    var isWanted: @Sendable (JSON) -> Bool = { _ in true }

    static let all = [
        Kept(
            path: APIPath.istioOperators, kind: "IstioOperator",
            apiVersion: "install.istio.io/v1alpha1"),
        Kept(
            path: APIPath.gateways, kind: "Gateway", apiVersion: "networking.istio.io/v1beta1"),
        Kept(
            path: APIPath.peerAuthentications, kind: "PeerAuthentication",
            apiVersion: "security.istio.io/v1beta1"),
        Kept(
            path: APIPath.services, kind: "Service", apiVersion: "v1",
            isWanted: { $0.spec["type"]?.string == "LoadBalancer" }),
    ]

    func objects(_ view: ClusterView) throws(Pause) -> [JSON] {
        try (view.optionalList(path) ?? [])
            .filter { $0.namespace == BigBangPackages.istioNamespace && isWanted($0) }
            .map { $0.keptCopy(apiVersion: apiVersion, kind: kind) }
    }
}

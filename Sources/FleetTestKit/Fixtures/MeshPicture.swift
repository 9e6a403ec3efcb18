public import FleetModel

/// What a takeover is about in a cluster, read from its objects: the same of a recorded cluster
/// and of one that lives, whatever else they hold and however they name their pods.
public struct MeshPicture: Hashable, Sendable {
    /// Such as `istio-system/istiod default 1.25.2 available`.
    public let controlPlanes: Set<String>
    /// The proxies by their workloads: `bookinfo/reviews-v1 default 1.25.2 ready`.
    public let proxies: Set<String>
    /// The doors of the mesh: `istio-gateway/public-ingressgateway addressed`.
    public let loadBalancers: Set<String>
    /// Who injects, and for which revision: `istio-revision-tag-default 1-15`.
    public let injectors: Set<String>
    /// Flux's releases: `istiod ready`.
    public let releases: Set<String>
    /// `istio-system/istiocontrolplane`
    public let operators: Set<String>
    /// With what asks for an injector there: `bookinfo istio-injection=enabled`.
    public let namespaces: Set<String>

    /// Draws what is in some namespaces, and what is in none.
    public init(_ objects: [JSON], of spaces: Set<String>) {
        let seen = objects.filter { $0["kind"] == "Namespace" ? spaces.contains($0.label) : true }
            .filter { $0.space.isEmpty || spaces.contains($0.space) }
        func draw(_ kind: String, _ line: (JSON) -> String?) -> Set<String> {
            Set(seen.filter { $0["kind"]?.string == kind }.compactMap(line))
        }
        controlPlanes = draw("Deployment", Self.controlPlane)
        proxies = draw("Pod", Self.proxy)
        loadBalancers = draw("Service", Self.loadBalancer)
        injectors = draw("MutatingWebhookConfiguration") { "\($0.label) \($0.revision ?? "?")" }
        releases = draw("HelmRelease") { "\($0.label) \($0.holds("Ready") ? "ready" : "unready")" }
        // What Gloo calls its own is nobody's business.
        operators = draw("IstioOperator") {
            $0.space.hasPrefix("gm-iop-") ? nil : "\($0.space)/\($0.label)"
        }
        namespaces = draw("Namespace", Self.namespace)
    }

    /// The kinds that it is drawn from, as kubectl is asked for them.
    public static let kinds =
        "namespaces,deployments.apps,pods,services,"
        + "mutatingwebhookconfigurations.admissionregistration.k8s.io,"
        + "helmreleases.helm.toolkit.fluxcd.io,istiooperators.install.istio.io"

    // MARK: - Lines

    private static func controlPlane(_ deployment: JSON) -> String? {
        let spec = deployment[path: ["spec", "template", "spec"]]
        guard let image = spec?.image(of: "discovery") else { return nil }
        let available = deployment[path: ["status", "availableReplicas"]]?.int ?? 0
        return
            "\(deployment.space)/\(deployment.label) \(deployment.revision ?? "default") \(image)"
            + (available > 0 ? " available" : " unavailable")
    }

    private static func proxy(_ pod: JSON) -> String? {
        guard let image = pod["spec"]?.image(of: "istio-proxy") else { return nil }
        let annotations = pod["metadata"]?["annotations"]
        let status = annotations?["sidecar.istio.io/status"]?.string
            .flatMap { JSON(parsing: $0) }
        let revision = status?["revision"]?.string ?? annotations?["istio.io/rev"]?.string
        return "\(pod.space)/\(pod.workload) \(revision ?? pod.revision ?? "?") \(image)"
            + (pod.holds("Ready") ? " ready" : " unready")
    }

    private static func loadBalancer(_ service: JSON) -> String? {
        guard service[path: ["spec", "type"]] == "LoadBalancer" else { return nil }
        let addresses = service[path: ["status", "loadBalancer", "ingress"]]?.array ?? []
        return "\(service.space)/\(service.label) \(addresses.isEmpty ? "waiting" : "addressed")"
    }

    private static func namespace(_ object: JSON) -> String {
        let labels = object[path: ["metadata", "labels"]]?.strings ?? [:]
        let asking = ["istio-injection", "istio.io/rev"].compactMap { key in
            labels[key].map { " \(key)=\($0)" }
        }
        return object.label + asking.joined()
    }
}

extension JSON {
    fileprivate var label: String { self["metadata"]?["name"]?.string ?? "" }
    fileprivate var space: String { self["metadata"]?["namespace"]?.string ?? "" }
    fileprivate var revision: String? {
        self[path: ["metadata", "labels", "istio.io/rev"]]?.string
    }

    /// What a pod is restarted through: its ReplicaSet has the workload's name and a hash.
    fileprivate var workload: String {
        let owner = self["metadata"]?["ownerReferences"]?.array?.first
        let name = owner?["name"]?.string ?? label
        guard owner?["kind"] == "ReplicaSet" else { return name }
        return name.split(separator: "-").dropLast().joined(separator: "-")
    }

    /// The tag of the image of a container, wherever in the pod it is.
    fileprivate func image(of container: String) -> String? {
        let all = ["initContainers", "containers"].flatMap { self[$0]?.array ?? [] }
        let image = all.first { $0["name"]?.string == container }?["image"]?.string
        return image?.split(separator: ":").last.map(String.init)
    }

    fileprivate func holds(_ condition: String) -> Bool {
        (self[path: ["status", "conditions"]]?.array ?? []).contains {
            $0["type"]?.string == condition && $0["status"] == "True"
        }
    }
}

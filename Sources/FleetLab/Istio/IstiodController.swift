import FleetModel

/// What every istiod does once it is available: puts its root into the webhook
/// configurations that lead to it, turns validation on, and tells every
/// namespace the root.
struct IstiodController: Controller {
    private static let registration = "admissionregistration.k8s.io"

    let watches: Set<String> = [
        "deployments.apps", "services", "namespaces", "configmaps", "secrets", "serviceaccounts",
        "clusterroles.rbac.authorization.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
    ]

    func reconcile(_ scene: inout Scene) {
        let services = servedServices(&scene)
        guard !services.isEmpty else { return }
        let root = self.root(&scene)
        for kind in ["mutating", "validating"] {
            let resource = "\(kind)webhookconfigurations.\(Self.registration)"
            for configuration in scene.list(resource) where !configuration.isTerminating {
                claim(configuration, resource, services, root, &scene)
            }
        }
        spread(root, &scene)
    }

    /// The Services of istiods that have been available for a moment.
    private func servedServices(_ scene: inout Scene) -> Set<String> {
        let available = scene.list("deployments.apps").filter {
            $0.labels["app"] == "istiod"
                && ($0[path: ["status", "availableReplicas"]]?.int ?? 0) > 0
                && hasRights($0, scene)
        }
        let settled = available.filter {
            scene.waits.isOver("istiod/\($0.uid)", after: scene.pace.istiod)
        }
        let revisions = Set(settled.map { "\($0.namespace)/\($0.labels["istio.io/rev"] ?? "")" })
        let services = scene.list("services").filter { service in
            service.labels["app"] == "istiod"
                && revisions.contains(
                    "\(service.namespace)/\(service.labels["istio.io/rev"] ?? "")")
        }
        return Set(services.map { "\($0.namespace)/\($0.name)" })
    }

    /// An istiod without its role or its account goes on running and can change nothing.
    private func hasRights(_ istiod: JSON, _ scene: Scene) -> Bool {
        let suffix = istiod.name.dropFirst("istiod".count)
        let role = "istiod-clusterrole\(suffix)-\(IstioRevision.space)"
        return scene.store.get(
            ObjectKey("clusterroles.rbac.authorization.k8s.io", name: role)) != nil
            && scene.store.get(
                ObjectKey("serviceaccounts", namespace: istiod.namespace, name: istiod.name))
                != nil
    }

    /// The CA's root; the first istiod makes one where there is none.
    private func root(_ scene: inout Scene) -> String {
        if let root = MeshRoot.read(from: scene.store) { return root }
        let maker = scene.faults.changesRoot ? "/another" : ""
        let root = RootCertificate(seed: Chance.hash(scene.store.cluster + maker)).pem
        scene.create("secrets", MeshRoot.secret(of: root))
        return root
    }

    private func claim(
        _ configuration: JSON, _ resource: String, _ services: Set<String>, _ root: String,
        _ scene: inout Scene
    ) {
        guard !scene.faults.keepsCertificatesOut else { return }
        let hooks = configuration["webhooks"]?.array ?? []
        let claimed = hooks.map { Self.claimed($0, services, root) }
        guard claimed != hooks else { return }
        scene.update(ObjectKey(resource, name: configuration.name)) {
            $0["webhooks"] = .array(
                ($0["webhooks"]?.array ?? []).map { Self.claimed($0, services, root) })
        }
    }

    private static func claimed(_ hook: JSON, _ services: Set<String>, _ root: String) -> JSON {
        let service = hook[path: ["clientConfig", "service"]]
        let name = "\(service?["namespace"]?.string ?? "")/\(service?["name"]?.string ?? "")"
        guard services.contains(name) else { return hook }
        var hook = hook
        hook[path: ["clientConfig", "caBundle"]] = .base64(root)
        hook["failurePolicy"] = "Fail"
        return hook
    }

    private func spread(_ root: String, _ scene: inout Scene) {
        let present = Dictionary(
            scene.list("configmaps").filter { $0.name == MeshRoot.configMap }
                .map { ($0.namespace, $0) }
        ) { first, _ in first }
        for namespace in scene.list("namespaces") where !namespace.isTerminating {
            guard let known = present[namespace.name] else {
                scene.create("configmaps", Self.rootMap(root, in: namespace.name))
                continue
            }
            guard known[path: ["data", "root-cert.pem"]]?.string != root else { continue }
            let key = ObjectKey("configmaps", namespace: namespace.name, name: MeshRoot.configMap)
            scene.update(key) { $0["data"] = ["root-cert.pem": .string(root)] }
        }
    }

    private static func rootMap(_ root: String, in space: String) -> JSON {
        Manifest.make(
            "v1", "ConfigMap", MeshRoot.configMap, in: space, labels: ["istio.io/config": "true"],
            ["data": ["root-cert.pem": .string(root)]])
    }
}

import FleetModel

/// One call of the API server to the service behind a webhook.
struct WebhookCall: Sendable {
    let webhook: JSON
    let store: ClusterStore

    var name: String { webhook["name"]?.string ?? "" }

    private var service: JSON { webhook[path: ["clientConfig", "service"]] ?? [:] }
    private var serviceName: String { service["name"]?.string ?? "" }
    var space: String { service["namespace"]?.string ?? "" }
    var path: String { service["path"]?.string ?? "/" }

    /// Whether a failed call lets the object in all the same.
    var ignoresFailure: Bool { webhook["failurePolicy"]?.string == "Ignore" }

    func concerns(operation: String, group: String, resource: String) -> Bool {
        (webhook["rules"]?.array ?? []).contains { rule in
            Self.lists(rule, "operations", operation) && Self.lists(rule, "apiGroups", group)
                && Self.lists(rule, "resources", resource)
        }
    }

    func selects(namespaceLabels: [String: String], objectLabels: [String: String]) -> Bool {
        Self.selects(webhook["namespaceSelector"], namespaceLabels)
            && Self.selects(webhook["objectSelector"], objectLabels)
    }

    /// The istiod that would answer; `nil` when something else than an istiod would.
    /// - Throws: why nobody would answer, in the API server's words.
    func reach() throws(StatusError) -> RunningIstiod? {
        let key = ObjectKey("services", namespace: space, name: serviceName)
        guard let found = store.get(key) else {
            throw failure("service \(serviceName.jsonQuoted) not found")
        }
        guard hasReadyEndpoint else {
            throw failure("no endpoints available for service \(serviceName.jsonQuoted)")
        }
        guard let istiod = istiod(behind: found) else { return nil }
        guard isTrusted else {
            throw failure(
                "tls: failed to verify certificate: x509: certificate signed by unknown authority")
        }
        return istiod
    }

    private var isTrusted: Bool {
        let bundle = webhook[path: ["clientConfig", "caBundle"]]?.base64Text ?? ""
        return !bundle.isEmpty && bundle == MeshRoot.read(from: store)
    }

    private var hasReadyEndpoint: Bool {
        let slices = store.list("endpointslices.discovery.k8s.io", namespace: space)
        return slices.contains { slice in
            slice.labels["kubernetes.io/service-name"] == serviceName
                && (slice["endpoints"]?.array ?? []).contains {
                    $0[path: ["conditions", "ready"]]?.bool == true
                }
        }
    }

    private func istiod(behind service: JSON) -> RunningIstiod? {
        let selector = service[path: ["spec", "selector"]]?.strings ?? [:]
        guard !selector.isEmpty else { return nil }
        let deployment = store.list("deployments.apps", namespace: space).first { deployment in
            let labels =
                deployment[path: ["spec", "template", "metadata", "labels"]]?.strings ?? [:]
            return selector.allSatisfy { labels[$0.key] == $0.value }
        }
        guard let deployment else { return nil }
        let revision = deployment.labels["istio.io/rev"] ?? IstioRevision.unrevisioned
        let mesh = store.get(
            ObjectKey(
                "configmaps", namespace: space, name: IstioRevision.named("istio", revision)))
        return RunningIstiod(
            deployment: deployment, mesh: mesh?[path: ["data", "mesh"]]?.string ?? "")
    }

    private func failure(_ why: String) -> StatusError {
        let port = service["port"]?.int ?? 443
        let timeout = webhook["timeoutSeconds"]?.int ?? 10
        let address = "https://\(serviceName).\(space).svc:\(port)\(path)?timeout=\(timeout)s"
        return .internalError(
            "failed calling webhook \(name.jsonQuoted): failed to call webhook:"
                + " Post \(address.jsonQuoted): \(why)")
    }

    private static func lists(_ rule: JSON, _ key: String, _ value: String) -> Bool {
        let values = rule[key]?.array?.compactMap(\.string) ?? []
        return values.contains(value) || values.contains("*")
    }

    /// An absent selector selects everything; one that can't be read, nothing.
    private static func selects(_ selector: JSON?, _ labels: [String: String]) -> Bool {
        LabelSelector(selector ?? [:])?.matches(labels) ?? false
    }
}

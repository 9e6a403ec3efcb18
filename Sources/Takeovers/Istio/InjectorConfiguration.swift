import FleetModel

/// A MutatingWebhookConfiguration that injects sidecars.
struct InjectorConfiguration: Hashable, Sendable {
    let object: JSON
    let webhooks: [Webhook]

    struct Webhook: Hashable, Sendable {
        let name: String
        let service: ServiceReference
        /// `nil` when the webhook has a selector that we do not understand.
        let namespaces: Selector?
        let objects: Selector?
        let isDeactivated: Bool
    }

    struct ServiceReference: Hashable, Sendable {
        let namespace: String
        let name: String
    }

    /// Reads a configuration; `nil` when none of its webhooks injects sidecars.
    init?(_ object: JSON) {
        self.object = object
        webhooks = object.items("webhooks").compactMap(Webhook.init)
        guard !webhooks.isEmpty else { return nil }
    }

    var name: String { object.name }

    /// The revision it says it belongs to; a tag's is the one it points to.
    var revision: Revision {
        Revision(object.labels[IstioLabel.revision] ?? Revision.unnamed.rawValue)
    }

    /// The revision tag the configuration stands for, such as `default`.
    var tag: String? { object.labels["istio.io/tag"] }

    /// Whether the API server can trust it already: istiod writes the bundle after it starts.
    var hasCertificates: Bool {
        object.items("webhooks").allSatisfy {
            $0[path: ["clientConfig", "caBundle"]]?.nonEmpty != nil
        }
    }

    /// The certificates it shows the API server, each once and in order.
    var bundles: [String] {
        Set(
            object.items("webhooks").compactMap {
                $0[path: ["clientConfig", "caBundle"]]?.nonEmpty
            }
        ).sorted()
    }

    /// Whether it would be called for a pod, going by its selectors alone.
    func selects(namespaceLabels: [String: String], podLabels: [String: String]) -> Bool {
        webhooks.contains {
            $0.selects(namespaceLabels: namespaceLabels, podLabels: podLabels)
        }
    }

    /// The label selector that matches nothing, as `istioctl tag set` writes it to
    /// take a configuration out of service.
    static let deactivatedSelector: JSON = ["matchLabels": ["istio.io/deactivated": "never-match"]]
}

extension InjectorConfiguration.Webhook {
    init?(_ webhook: JSON) {
        guard let name = webhook["name"]?.string, name.contains("sidecar-injector.istio.io") else {
            return nil
        }
        self.name = name
        service = InjectorConfiguration.ServiceReference(
            namespace: webhook[path: ["clientConfig", "service", "namespace"]]?.string ?? "",
            name: webhook[path: ["clientConfig", "service", "name"]]?.string ?? "")
        namespaces = Selector(kubernetes: webhook["namespaceSelector"])
        objects = Selector(kubernetes: webhook["objectSelector"])
        isDeactivated = webhook.hasDeactivatedSelector
    }

    func selects(namespaceLabels: [String: String], podLabels: [String: String]) -> Bool {
        guard let namespaces, let objects else { return false }
        return namespaces.matches(namespaceLabels) && objects.matches(podLabels)
    }
}

extension JSON {
    /// Whether a webhook was taken out of service by selectors that match nothing.
    var hasDeactivatedSelector: Bool {
        ["namespaceSelector", "objectSelector"].contains {
            self[path: [$0, "matchLabels"]]?.strings["istio.io/deactivated"] != nil
        }
    }
}

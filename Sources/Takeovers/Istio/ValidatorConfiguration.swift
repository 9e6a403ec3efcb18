import FleetModel

/// A ValidatingWebhookConfiguration through which an istiod checks Istio's configuration.
struct ValidatorConfiguration: Hashable, Sendable {
    let object: JSON

    /// Reads a configuration; `nil` when it is none of Istio's.
    init?(_ object: JSON) {
        guard WebhookHealth.isIstio(object), !object.items("webhooks").isEmpty else { return nil }
        self.object = object
    }

    /// The Services it calls, as `namespace/name`, each once and in order.
    var services: [String] {
        let services = object.items("webhooks").compactMap { webhook -> String? in
            let service = webhook[path: ["clientConfig", "service"]] ?? .null
            return service["name"]?.nonEmpty.map { "\(service["namespace"]?.string ?? "")/\($0)" }
        }
        return Set(services).sorted()
    }

    /// Whether it answers for everything that no revision's own validator does.
    var isDefault: Bool { Self.isDefault(object) }

    static func isDefault(_ object: JSON) -> Bool { object.name == "istiod-default-validator" }

    /// Whether configuration is refused when its istiod is away. A new one lets all
    /// through until its istiod has written itself in.
    var failsClosed: Bool {
        object.items("webhooks").contains { $0["failurePolicy"]?.string == "Fail" }
    }
}

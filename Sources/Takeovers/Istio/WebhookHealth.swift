import FleetModel

/// Invariant I1: every webhook of Istio can be answered.
///
/// Istio's webhooks fail closed. One whose Service is gone or has no ready
/// endpoint stops every pod from being created.
enum WebhookHealth {
    typealias Complaint = (configuration: JSON, words: String)

    /// What is wrong, one sentence each, in the order of the configurations.
    static func complaints(
        configurations: [JSON], services: [JSON], endpoints: Endpoints
    ) -> [String] {
        findings(configurations: configurations, services: services, endpoints: endpoints)
            .map(\.words)
    }

    /// Likewise, with the configurations.
    static func findings(
        configurations: [JSON], services: [JSON], endpoints: Endpoints
    ) -> [Complaint] {
        let known = Set(services.map(\.qualifiedName))
        return configurations.filter(isIstio).sorted { $0.name < $1.name }
            .compactMap { configuration in
                complaint(about: configuration, services: known, endpoints: endpoints)
                    .map { (configuration, $0) }
            }
    }

    private static func complaint(
        about configuration: JSON, services: Set<String>, endpoints: Endpoints
    ) -> String? {
        let active = configuration.items("webhooks").filter { !$0.hasDeactivatedSelector }
        for webhook in active {
            let client = webhook["clientConfig"] ?? .null
            guard let service = client[path: ["service", "name"]]?.string else { continue }
            let namespace = client[path: ["service", "namespace"]]?.string ?? ""
            if !services.contains("\(namespace)/\(service)") {
                return "\(configuration.name) calls Service \(namespace)/\(service), which is gone"
            }
            if endpoints.ready(service, in: namespace) == 0 {
                return "\(configuration.name) calls Service \(namespace)/\(service), "
                    + "which has no ready endpoint"
            }
            if client["caBundle"]?.nonEmpty == nil {
                return "\(configuration.name) has no caBundle"
            }
        }
        return nil
    }

    /// Whether a webhook configuration is Istio's, by label or name.
    static func isIstio(_ configuration: JSON) -> Bool {
        let app = configuration.labels["app"]
        return app == "sidecar-injector" || app == "istiod"
            || configuration.name.hasPrefix("istio-") || configuration.name.hasPrefix("istiod-")
    }
}

import FleetModel

@testable import Takeovers

extension JSON {
    /// A configuration of webhooks whose webhooks call a Service of another name.
    func calling(_ service: String) -> JSON {
        var configuration = self
        configuration["webhooks"] = .array(
            items("webhooks").map { webhook in
                var webhook = webhook
                webhook[path: ["clientConfig", "service", "name"]] = .string(service)
                return webhook
            })
        return configuration
    }
}

import FleetModel

/// A gateway that runs the new revision once a takeover is over.
struct NewGateway: Hashable, Sendable {
    let namespace: String
    let deployment: String
    /// The Service that is made for it, if one is.
    let service: String
    /// What Services may find its pods by, besides their revision; none where nobody has to know.
    var labels: [String: String] = [:]
    /// Whether that Service is made; else there has to be one that somebody brought.
    var bringsService = true
    /// The Deployment that stands in for it while it is moved, if another does.
    var standIn: String?

    /// Whether a Service is an entrance of it: its own, or one that somebody brought and that
    /// leads to it, or will once it is no longer pinned to another revision.
    func isEntered(by service: JSON) -> Bool {
        guard namespace == service.namespace else { return false }
        return bringsService ? service.name == self.service : isSelected(by: service)
    }

    /// Whether its pods are among those that a Service leads to when it is pinned to nothing.
    func isSelected(by service: JSON) -> Bool {
        let selector = service.unpinnedSelector
        return namespace == service.namespace && !selector.isEmpty
            && Selector(matchLabels: selector).matches(labels)
    }

    /// How messages call what clients enter it by.
    var entrance: String {
        guard !bringsService else { return "Service \(namespace)/\(service)" }
        return "a Service in \(namespace) that selects \(deployment)"
    }
}

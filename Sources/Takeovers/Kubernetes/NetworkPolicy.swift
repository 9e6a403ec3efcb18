import FleetModel

/// A NetworkPolicy, as far as it says from which namespaces its pods may be called.
struct NetworkPolicy: Hashable, Sendable {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    /// Whether one of its rules lets in callers of a namespace with these labels. A rule without
    /// `from` lets everybody in; addresses and pods of its own namespace are not looked at.
    func admits(namespaceLabels labels: [String: String]) -> Bool {
        guard isAboutIngress else { return false }
        return object.spec.items("ingress").contains { rule in
            let peers = rule.items("from")
            return peers.isEmpty || peers.contains { Self.peer($0, admits: labels) }
        }
    }

    private var isAboutIngress: Bool {
        let types = object.spec.items("policyTypes")
        return types.isEmpty || types.contains("Ingress")
    }

    /// A selector that we do not understand is taken to let nobody in.
    private static func peer(_ peer: JSON, admits labels: [String: String]) -> Bool {
        guard let selector = peer["namespaceSelector"] else { return false }
        return Selector(kubernetes: selector)?.matches(labels) ?? false
    }
}

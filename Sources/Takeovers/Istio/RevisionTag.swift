import FleetModel

/// A name that stands for a revision, such as `prod-stable` or `default`.
struct RevisionTag: Hashable, Sendable {
    let name: String
    let revision: Revision
    /// The Service that its webhooks call, which tells what `istio.io/rev` only claims.
    let service: String

    /// Reads an injecting configuration; `nil` when it is a revision's own.
    init?(_ configuration: InjectorConfiguration) {
        guard let name = configuration.tag, !name.isEmpty else { return nil }
        self.name = name
        revision = configuration.revision
        service = configuration.webhooks.first?.service.name ?? ""
    }

    /// Whether all webhooks of the tag call the istiod that its label names.
    static func isConsistent(_ configuration: InjectorConfiguration) -> Bool {
        let revision = configuration.revision
        let service = revision == .unnamed ? "istiod" : "istiod-\(revision)"
        return configuration.webhooks.allSatisfy {
            // Charts from 1.28 on put a Service of the tag's own in between.
            $0.service.name == service || $0.service.name.hasPrefix("istiod-revision-tag-")
        }
    }
}

extension Injection {
    /// The revision tags, in the order of their names.
    var tags: [RevisionTag] {
        configurations.compactMap(RevisionTag.init).sorted { $0.name < $1.name }
    }

    /// The active configurations that inject where nobody named a revision, in calling
    /// order. More than one means that the last has its way with everybody.
    var activeDefaults: [InjectorConfiguration] {
        configurations.filter { configuration in
            Self.defaultCases.contains {
                configuration.selects(namespaceLabels: $0.namespace, podLabels: $0.pod)
            }
        }
    }
}

import FleetModel

/// Which of a cluster's injectors would act on a new pod.
///
/// The API server calls the configurations in the order of their names, and
/// Istio's injector strips what one before it injected, so the last one wins:
/// `istio-sidecar-injector` comes after `istio-revision-tag-default`.
struct Injection: Hashable, Sendable {
    /// The injecting configurations in the order the API server calls them.
    let configurations: [InjectorConfiguration]

    init(configurations objects: [JSON]) {
        configurations = objects.compactMap(InjectorConfiguration.init)
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Every configuration that would be called for a pod, in calling order.
    func called(
        namespaceLabels: [String: String], podLabels: [String: String] = [:]
    ) -> [InjectorConfiguration] {
        configurations.filter {
            $0.selects(namespaceLabels: namespaceLabels, podLabels: podLabels)
        }
    }

    /// The configuration whose sidecar the pod would start with; `nil` for none.
    func acting(
        namespaceLabels: [String: String], podLabels: [String: String] = [:]
    ) -> InjectorConfiguration? {
        called(namespaceLabels: namespaceLabels, podLabels: podLabels).last
    }

    /// The configuration of the tag `default`.
    var defaultTag: InjectorConfiguration? { configurations.first { $0.tag == "default" } }

    /// The configuration that a revision itself brought.
    func own(_ revision: Revision) -> InjectorConfiguration? {
        configurations.first { $0.revision == revision && $0.tag == nil }
    }

    /// The configurations of a revision, other than the tag `default`, that act
    /// where nobody named a revision.
    func defaultInjectors(of revision: Revision) -> [InjectorConfiguration] {
        configurations.filter { configuration in
            configuration.revision == revision && configuration.tag == nil
                && Self.defaultCases.contains {
                    configuration.selects(namespaceLabels: $0.namespace, podLabels: $0.pod)
                }
        }
    }
}

extension Injection {
    /// Whether a revision's injector or its tag answers wherever some others do for those that
    /// leave the revision open, and can be called.
    func canReplace(_ others: [InjectorConfiguration], by revision: Revision) -> Bool {
        let ours = configurations.filter { $0.revision == revision && $0.hasCertificates }
        return Self.defaultCases.allSatisfy { ask in
            let selects = { (injector: InjectorConfiguration) in
                injector.selects(namespaceLabels: ask.namespace, podLabels: ask.pod)
            }
            return !others.contains(where: selects) || ours.contains(where: selects)
        }
    }

    /// Namespaces and pods that ask for injection and leave the revision open.
    static let defaultCases: [(namespace: [String: String], pod: [String: String])] = [
        ([IstioLabel.injection: "enabled"], [:]),
        ([IstioLabel.revision: "default"], [:]),
        ([:], ["sidecar.istio.io/inject": "true"]),
    ]
}

import FleetModel

/// Which pods a revision's injectors select, by labels and selectors alone.
struct SidecarSelection: Sendable {
    private let injection: Injection
    private let labels: [String: [String: String]]
    private let revision: Revision
    private let old: Revision

    static let paths = [APIPath.namespaces, APIPath.mutatingWebhooks]

    init(_ view: ClusterView, _ move: Move) throws(Pause) {
        injection = try move.injection(view)
        let namespaces = try view.list(APIPath.namespaces).map { ($0.name, $0.labels) }
        labels = Dictionary(namespaces) { first, _ in first }
        (revision, old) = (move.revision, move.old)
    }

    /// Whether a workload's template names the old revision, and its pods go there by that.
    ///
    /// A name like `default` may be a tag's as well, which has moved already.
    func asksForOld(_ workload: JSON) -> Bool {
        let template = workload.template.labels
        guard old != revision, template[IstioLabel.revision] == old.rawValue else { return false }
        let injector = injection.acting(
            namespaceLabels: labels[workload.namespace] ?? [:], podLabels: template)
        return injector?.revision == old
    }

    /// Whether a new pod like this one would be given to the revision's injector.
    func wants(_ pod: Pod) -> Bool { injector(of: pod)?.revision == revision }

    /// Whether it would be given to any.
    func isWanted(_ pod: Pod) -> Bool { injector(of: pod) != nil }

    private func injector(of pod: Pod) -> InjectorConfiguration? {
        injection.acting(
            namespaceLabels: labels[pod.namespace] ?? [:], podLabels: pod.labels)
    }

    /// Whether the pod, or its namespace for it, asks for a revision by its name.
    func asks(_ pod: Pod, for revision: Revision) -> Bool {
        switch MeshNamespace.selection(labels[pod.namespace] ?? [:]) {
        case .named(let name): name == revision
        case .none: pod.labels[IstioLabel.revision] == revision.rawValue
        case .byDefault, .refused, .ambient: false
        }
    }
}

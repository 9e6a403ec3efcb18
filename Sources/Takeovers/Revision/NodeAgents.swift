import FleetModel

/// What a release runs once on every node.
struct NodeAgents: Sendable {
    let release: ChartRelease

    init(_ release: ChartRelease) { self.release = release }

    static let paths = [APIPath.daemonSets]

    func daemonSets(_ view: ClusterView) throws(Pause) -> [JSON] {
        let agents = try present(view)
        guard !agents.isEmpty else { throw .terminal("\(release.label) has no DaemonSet") }
        return agents
    }

    /// Those there are by now.
    func present(_ view: ClusterView) throws(Pause) -> [JSON] {
        try view.list(APIPath.daemonSets).filter(isOfRelease)
    }

    /// Helm marks what is its own.
    private func isOfRelease(_ object: JSON) -> Bool {
        object.helmRelease == release.name
            && object.annotations["meta.helm.sh/release-namespace"] == release.namespace
    }

    /// What is missing until every node has a pod of the present template; `nil` once it has.
    func lack(_ view: ClusterView) throws(Pause) -> String? {
        for agent in try daemonSets(view) {
            switch Rollout(of: agent, kind: "DaemonSet") {
            case .done: continue
            case .manual: throw .terminal("DaemonSet \(agent.qualifiedName) replaces no pod itself")
            case let rollout:
                return "DaemonSet \(agent.qualifiedName): \(rollout.complaint ?? "")"
            }
        }
        return nil
    }
}

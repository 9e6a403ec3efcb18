/// A tool that can be pointed at a cluster by a flag.
public enum ClusterTool: String, CaseIterable, Sendable {
    case flux
    case helm
    case istioctl
    case kubectl
    case oc

    /// What to do where a program is not there; empty for one that no inventory speaks of.
    public static func remedy(forMissing program: String) -> String {
        guard let name = program.split(separator: "/").last,
            allCases.contains(where: { $0.rawValue == name })
        else { return "" }
        let first = program.contains("/") ? "mend" : "install it, or write"
        return "; \(first) its path under `tools` in the inventory"
    }

    private var contextFlag: String { self == .helm ? "--kube-context" : "--context" }

    /// The tool with these arguments, on one cluster: its path there, and the context.
    public func argv(_ arguments: some Sequence<String>, on cluster: Cluster) -> [String] {
        let kubeconfig = cluster.kubeconfig.map { ["--kubeconfig", $0] } ?? []
        return [cluster.tools[rawValue] ?? rawValue] + kubeconfig
            + [contextFlag, cluster.context.rawValue] + arguments
    }

    /// The argument that chooses a cluster by itself, if any does.
    public func clusterFlag(in arguments: some Sequence<String>) -> String? {
        let flags = [contextFlag, "--kubeconfig", "--server", "--cluster"]
        return arguments.first { word in
            flags.contains { word == $0 || word.hasPrefix($0 + "=") }
        }
    }
}

/// A tool that can be pointed at a cluster by a flag.
public enum ClusterTool: String, CaseIterable, Sendable {
    case flux
    case helm
    case istioctl
    case kubectl
    case oc

    /// - Parameter program: its name, or a path that ends with it.
    public init?(program: String) {
        self.init(rawValue: program.split(separator: "/").last.map(String.init) ?? "")
    }

    /// What to do where a program is not there; empty for one that no inventory speaks of.
    public static func remedy(forMissing program: String) -> String {
        guard ClusterTool(program: program) != nil else { return "" }
        let first = program.contains("/") ? "mend" : "install it, or write"
        return "; \(first) its path under `tools` in the inventory"
    }

    public var contextFlag: String { self == .helm ? "--kube-context" : "--context" }

    /// The tool with these arguments, on one cluster: its path there, and the context.
    public func argv(_ arguments: some Sequence<String>, on cluster: Cluster) -> [String] {
        let kubeconfig = cluster.kubeconfig.map { ["--kubeconfig", $0] } ?? []
        return [cluster.tools[rawValue] ?? rawValue] + kubeconfig
            + [contextFlag, cluster.context.rawValue] + arguments
    }

    /// The argument that chooses a cluster by itself, if any does. What stands behind `--` is for
    /// another program.
    public func clusterFlag(in arguments: some Sequence<String>) -> String? {
        let names = [contextFlag, "--kubeconfig", "--server", "--cluster"] + ownClusterFlags
        return arguments.prefix { $0 != "--" }.first { word in
            names.contains { word == $0 || word.hasPrefix($0 + ($0.hasPrefix("--") ? "=" : "")) }
        }
    }

    /// A flag of one letter may have its value right behind it.
    private var ownClusterFlags: [String] {
        switch self {
        case .kubectl, .oc: ["-s"]
        case .helm: ["--kube-apiserver"]
        case .istioctl: ["-c"]
        case .flux: []
        }
    }
}

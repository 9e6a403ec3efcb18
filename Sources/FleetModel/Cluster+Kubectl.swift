extension Cluster {
    /// A `kubectl` call on this cluster, complete, so that an operator can
    /// repeat it by hand: the tool's path, the context, and always a timeout,
    /// because a hung API server would otherwise hold us for as long as it likes.
    public func kubectl(_ arguments: [String]) -> [String] { client("kubectl", arguments) }

    /// Likewise of `oc`, which takes the same flags.
    public func oc(_ arguments: [String]) -> [String] { client("oc", arguments) }

    private func client(_ tool: String, _ arguments: [String]) -> [String] {
        let kubeconfig = kubeconfig.map { ["--kubeconfig", $0] } ?? []
        return [tools[tool] ?? tool] + kubeconfig
            + ["--context", context.rawValue, "--request-timeout=\(requestTimeout)"] + arguments
    }

    /// Where this cluster's commands run.
    public var place: Command.Place { bastion.map(Command.Place.bastion) ?? .local }
}

/// Longer than the slowest healthy API server, shorter than an operator's patience.
private let requestTimeout = "30s"

extension Cluster {
    /// A `helm` call on this cluster, complete, so that an operator can repeat it by hand.
    ///
    /// Helm has no timeout for single requests; the command's own deadline ends a call that hangs.
    public func helm(_ arguments: [String]) -> [String] {
        let kubeconfig = kubeconfig.map { ["--kubeconfig", $0] } ?? []
        return [tools["helm"] ?? "helm"] + kubeconfig + ["--kube-context", context.rawValue]
            + arguments
    }
}

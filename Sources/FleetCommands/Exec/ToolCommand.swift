import FleetModel

/// A command line that an operator wants run on many clusters, made fit for each.
struct ToolCommand {
    let words: [String]

    private let tool: ClusterTool

    /// - Throws: ``UsageError`` for a tool we can't point at a cluster, or a line
    ///   that names a cluster itself.
    init(_ words: [String]) throws {
        guard let tool = words.first.flatMap(ClusterTool.init(rawValue:)) else {
            throw UsageError.unknownTool(
                words.first ?? "", known: ClusterTool.allCases.map(\.rawValue))
        }
        if let taken = tool.clusterFlag(in: words) { throw UsageError.clusterInCommand(taken) }
        (self.words, self.tool) = (words, tool)
    }

    /// The whole command for one cluster, where its commands run.
    func command(on cluster: Cluster, deadline: Duration, isMutating: Bool) -> Command {
        Command(
            tool.argv(words.dropFirst(), on: cluster), place: cluster.place, deadline: deadline,
            isMutating: isMutating, purpose: "exec")
    }
}

// MARK: - Reading only

extension ToolCommand {
    /// Whether the line can change nothing, by the tool's own verbs.
    ///
    /// What isn't known to be harmless is not: a tool's next version may add verbs,
    /// and the value of a flag may look like one.
    var onlyReads: Bool {
        guard let verbs = afterFlags(words.dropFirst()) else { return false }
        let forms = Self.readingForms[tool] ?? []
        return forms.contains { verbs.starts(with: $0) }
            && !verbs.contains { $0.hasPrefix("--output-directory") }
    }

    /// The line from its verb on; `nil` when a flag before it is not known.
    private func afterFlags(_ words: ArraySlice<String>) -> ArraySlice<String>? {
        guard let flag = words.first, flag.hasPrefix("-") else { return words }
        if flag.hasPrefix("--"), flag.contains("=") { return afterFlags(words.dropFirst()) }
        guard Self.flagsWithValue.contains(flag) else { return nil }
        return afterFlags(words.dropFirst(2))
    }

    /// The flags that people put before the verb, all of which want a value.
    private static let flagsWithValue: Set = [
        "-n", "--namespace", "-i", "--istioNamespace", "--request-timeout", "--timeout", "-v",
        "--as", "--as-group",
    ]

    private static let ofKubectl = [
        ["get"], ["describe"], ["logs"], ["top"], ["version"], ["api-resources"],
        ["api-versions"], ["explain"], ["events"], ["diff"], ["wait"], ["cluster-info"],
        ["auth", "can-i"], ["auth", "whoami"], ["rollout", "status"], ["rollout", "history"],
    ]

    private static let readingForms: [ClusterTool: [[String]]] = [
        .kubectl: ofKubectl,
        .oc: ofKubectl + [["status"], ["adm", "top"], ["adm", "policy", "who-can"]],
        .istioctl: [
            ["version"], ["proxy-status"], ["ps"], ["proxy-config"], ["pc"], ["analyze"],
            ["tag", "list"], ["x", "precheck"], ["x", "describe"], ["x", "injector", "list"],
        ],
        .helm: [["list"], ["ls"], ["status"], ["get"], ["history"], ["version"]],
        .flux: [
            ["get"], ["logs"], ["check"], ["events"], ["tree"], ["stats"], ["version"], ["trace"],
        ],
    ]
}

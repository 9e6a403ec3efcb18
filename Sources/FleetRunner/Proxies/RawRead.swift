import FleetModel

/// What a `kubectl … get --raw PATH` asks for, and the way it takes.
struct RawRead: Hashable, Sendable {
    /// kubectl's options that lead to the cluster.
    let connection: [String]
    let path: String

    /// `nil` for any other command.
    init?(_ command: Command) {
        let words = command.argv.dropFirst()
        guard !command.isMutating, command.stdin == nil, command.place == .local, words.count >= 3,
            words.suffix(3).dropLast() == ["get", "--raw"], let path = words.last,
            path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return nil }
        self.path = path
        connection = Array(words.dropLast(3))
    }

    /// The files that say where the connection leads.
    func kubeconfigs(_ environment: LocalEnvironment) -> [String] {
        if let option = connection.firstIndex(of: "--kubeconfig"),
            connection.indices.contains(option + 1)
        {
            return [connection[option + 1]]
        }
        if let list = environment.variables["KUBECONFIG"], !list.isEmpty {
            return list.split(separator: ":").map(String.init)
        }
        return ["\(environment.variables["HOME"] ?? "")/.kube/config"]
    }
}

import FleetModel
public import FleetRunner

/// The SSH configuration as `ssh -G` resolves it: whatever `ssh` understands, it does.
public struct PrintedSSHConfiguration: SSHConfigurationSource {
    private let executor: any CommandExecutor
    private let program: String
    private let file: String?

    /// - Parameters:
    ///   - executor: Runs commands on this host.
    ///   - program: OpenSSH's client: a path, or a name on the search path.
    ///   - file: The only file to read, as after `ssh -F`; without it the user's and
    ///     the system's.
    public init(executor: any CommandExecutor, program: String = "ssh", file: String? = nil) {
        (self.executor, self.program, self.file) = (executor, program, file)
    }

    public func options(for query: SSHQuery) async throws(SSHTrouble) -> SSHOptions {
        guard query.isSafe else { throw .badQuery(query) }
        let user = query.user.map { ["-l", $0] } ?? []
        let port = query.port.map { ["-p", "\($0)"] } ?? []
        let file = file.map { ["-F", $0] } ?? []
        var options = SSHOptions()
        for (keyword, arguments) in try await lines(file + user + port + ["--", query.name]) {
            options.note(keyword, arguments)
        }
        // A host that no file speaks of, to tell what is usual.
        for (keyword, arguments) in try await lines(["-F", "none", "--", "localhost"])
        where Self.algorithmKeywords.contains(keyword) {
            options.usual[keyword] = arguments.flatMap { $0.split(separator: ",").map(String.init) }
        }
        return options
    }

    private static let algorithmKeywords: Set<String> = [
        "hostkeyalgorithms", "kexalgorithms", "ciphers", "macs",
    ]
    /// Options that take several arguments, which `ssh -G` prints between blanks.
    private static let severalArguments: Set<String> = [
        "userknownhostsfile", "globalknownhostsfile",
    ]

    private func lines(
        _ arguments: [String]
    ) async throws(SSHTrouble) -> [(String, [String])] {
        let command = Command(
            [program, "-G"] + arguments, deadline: .seconds(30), isMutating: false,
            purpose: "resolve the SSH configuration")
        let result = await executor.run(command, id: "ssh-configuration")
        guard result.succeeded else {
            throw SSHTrouble(
                .unusable, "`\(command.shellLine)` failed: \(result.complaint)",
                hint: "run it yourself to see what is wrong with the configuration")
        }
        return result.stdoutText.split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            let keyword = parts.first.map { $0.lowercased() } ?? ""
            let rest = parts.count > 1 ? String(parts[1]) : ""
            let isList = Self.severalArguments.contains(keyword)
            return (keyword, isList ? rest.split(separator: " ").map(String.init) : [rest])
        }
    }
}

extension SSHQuery {
    /// Whether `ssh` would take the words for what they are, not for options.
    var isSafe: Bool {
        ([name] + (user.map { [$0] } ?? [])).allSatisfy { word in
            !word.isEmpty && !word.hasPrefix("-")
                && word.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
        }
    }
}

extension SSHTrouble {
    static func badQuery(_ query: SSHQuery) -> Self {
        Self(.unusable, "\(query.name.debugDescription) can't be the name of a host or a user")
    }
}

extension CommandResult {
    /// The first line of what it complained about, or how it ended.
    fileprivate var complaint: String {
        stderrText.split(whereSeparator: \.isNewline).first.map(String.init) ?? "\(ending)"
    }
}

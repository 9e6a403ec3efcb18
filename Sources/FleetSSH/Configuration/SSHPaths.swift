/// The paths among the options of one host.
struct SSHPaths {
    private let options: SSHOptions
    private let tokens: SSHTokens
    /// What couldn't be filled in, as reasons to leave the host to OpenSSH.
    private(set) var unfilled: [String] = []

    init(_ options: SSHOptions, _ tokens: SSHTokens) {
        (self.options, self.tokens) = (options, tokens)
    }

    mutating func knownHosts() -> [String] {
        let own = files("userknownhostsfile") ?? Self.ownKnownHosts
        let global = files("globalknownhostsfile") ?? Self.globalKnownHosts
        return (own + global).compactMap { filled($0, "UserKnownHostsFile") }
    }

    private func files(_ keyword: String) -> [String]? {
        let words = options.words(keyword)
        guard !words.isEmpty else { return nil }
        return words == ["none"] ? [] : words
    }

    mutating func identities() -> [String] {
        let named = options.words("identityfile").filter { $0.lowercased() != "none" }
        let isSilent = options.words("identityfile").isEmpty
        let names = isSilent ? Self.ownIdentities : named.filter { !Self.outdated.contains($0) }
        return names.compactMap { filled($0, "IdentityFile") }
    }

    mutating func certificates() -> [String] {
        options.words("certificatefile").filter { $0.lowercased() != "none" }
            .compactMap { filled($0, "CertificateFile") }
    }

    /// The agent's socket: named, or where everybody's is.
    mutating func agent() -> String? {
        let usual = tokens.surroundings.environment["SSH_AUTH_SOCK"]
        guard let named = options.word("identityagent"), named != "SSH_AUTH_SOCK" else {
            return usual?.isEmpty == false ? usual : nil
        }
        if named.lowercased() == "none" { return nil }
        // A name after `$` is a variable with the path in it.
        if named.hasPrefix("$"), !named.hasPrefix("${") {
            return tokens.surroundings.environment[String(named.dropFirst())]
        }
        return filled(named, "IdentityAgent")
    }

    private mutating func filled(_ text: String, _ keyword: String) -> String? {
        if let path = tokens.path(text) { return path }
        unfilled.append("\(keyword) \(text)")
        return nil
    }

    private static let ownKnownHosts = ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]
    private static let globalKnownHosts = [
        "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2",
    ]
    private static let ownIdentities = [
        "~/.ssh/id_rsa", "~/.ssh/id_ecdsa", "~/.ssh/id_ecdsa_sk", "~/.ssh/id_ed25519",
        "~/.ssh/id_ed25519_sk",
    ]
    /// Among the defaults of `ssh -G`, and of kinds that no server takes any more.
    private static let outdated: Set<String> = ["~/.ssh/id_xmss", "~/.ssh/id_dsa"]
}

import FleetModel

/// A route as a configuration file for OpenSSH: one `Host` for each hop, each but
/// the first reached through the one before.
///
/// Everything that matters is said, so that no file of the user's decides it. Only a
/// hop with an alias is completed from there, and what we must have comes first.
struct RouteFile: Sendable {
    let route: SSHRoute
    /// The directory of the file itself, for the programs that it names.
    let directory: String
    /// Read for hops that are known by an alias.
    let userFiles: [String]

    /// The name by which `ssh` knows a hop in this configuration.
    func name(_ index: Int) -> String {
        route.hops[index].alias ?? "bellwether-hop-\(index)"
    }

    var destination: String { name(route.hops.count - 1) }

    /// The text, or why there can't be one.
    func text() throws(SSHTrouble) -> String {
        var lines: [String] = []
        for (index, hop) in route.hops.enumerated() {
            try lines.append("Host " + quoted(name(index), hop))
            for (key, value) in try settings(of: hop, index) {
                lines.append("    \(key) \(value)")
            }
        }
        lines.append("Match all")
        if route.hops.contains(where: { $0.alias != nil }) {
            lines += userFiles.map { "    Include \($0)" } + ["Match all"]
        }
        // The default exchange costs seven times the processor time.
        lines.append("    KexAlgorithms ^curve25519-sha256,curve25519-sha256@libssh.org")
        return lines.joined(separator: "\n") + "\n"
    }

    private func settings(
        of hop: SSHHop, _ index: Int
    ) throws(SSHTrouble) -> [(String, String)] {
        var settings = fixed + (try address(of: hop))
        if index > 0 {
            settings.append(("ProxyJump", try bare(name(index - 1), hop)))
        } else if hop.alias == nil {
            settings.append(("ProxyJump", "none"))
        }
        settings.append(("ConnectTimeout", "\(max(1, hop.connectTimeout.inMilliseconds / 1_000))"))
        return try settings + identities(of: hop) + trust(of: hop, index) + algorithms(of: hop)
    }

    /// What must be so whatever the user's files say.
    private var fixed: [(String, String)] {
        [
            ("BatchMode", "yes"), ("PasswordAuthentication", "no"),
            ("KbdInteractiveAuthentication", "no"), ("RequestTTY", "no"),
            ("RemoteCommand", "none"), ("PermitLocalCommand", "no"), ("ClearAllForwardings", "yes"),
            ("ForwardAgent", "no"), ("ForwardX11", "no"), ("ControlMaster", "no"),
            ("ControlPath", "none"), ("ControlPersist", "no"), ("EscapeChar", "none"),
            ("ServerAliveInterval", "15"), ("ServerAliveCountMax", "3"), ("TCPKeepAlive", "yes"),
            ("UpdateHostKeys", "no"), ("CheckHostIP", "no"), ("LogLevel", "INFO"),
        ]
    }

    private func address(of hop: SSHHop) throws(SSHTrouble) -> [(String, String)] {
        let settings = [
            ("HostName", try escaped(hop.host, hop)), ("Port", "\(hop.port)"),
            ("User", try quoted(hop.user, hop)),
        ]
        guard let alias = hop.hostKeyAlias else { return settings }
        return settings + [("HostKeyAlias", try quoted(alias, hop))]
    }

    private func identities(of hop: SSHHop) throws(SSHTrouble) -> [(String, String)] {
        guard hop.alias == nil || !hop.identityFiles.isEmpty else { return [] }
        var settings: [(String, String)] = []
        for file in hop.identityFiles {
            settings.append(("IdentityFile", try escaped(file, hop)))
        }
        if settings.isEmpty { settings.append(("IdentityFile", "none")) }
        for file in hop.certificateFiles {
            settings.append(("CertificateFile", try escaped(file, hop)))
        }
        let agent = hop.agentSocket ?? ""
        settings.append(("IdentityAgent", agent.isEmpty ? "none" : try escaped(agent, hop)))
        settings.append(("IdentitiesOnly", hop.identitiesOnly ? "yes" : "no"))
        return settings
    }

    private func trust(of hop: SSHHop, _ index: Int) throws(SSHTrouble) -> [(String, String)] {
        let isNewTaken = hop.hostKeyPolicy == .acceptNew && hop.pins.isEmpty
        var settings = [("StrictHostKeyChecking", isNewTaken ? "accept-new" : "yes")]
        guard hop.pins.isEmpty else {
            return settings + [
                ("UserKnownHostsFile", "/dev/null"), ("GlobalKnownHostsFile", "/dev/null"),
                ("KnownHostsCommand", "/bin/sh \(directory)/\(Self.pinScript(index)) %f %H %t %K"),
            ]
        }
        guard !hop.knownHostsFiles.isEmpty else { return settings }
        var files: [String] = []
        for file in hop.knownHostsFiles { files.append(try escaped(file, hop)) }
        settings.append(("UserKnownHostsFile", files.joined(separator: " ")))
        settings.append(("GlobalKnownHostsFile", "/dev/null"))
        return settings
    }

    private func algorithms(of hop: SSHHop) throws(SSHTrouble) -> [(String, String)] {
        let lists = [
            ("HostKeyAlgorithms", hop.algorithms.hostKeys),
            ("KexAlgorithms", hop.algorithms.keyExchanges),
            ("Ciphers", hop.algorithms.ciphers), ("MACs", hop.algorithms.macs),
        ]
        var settings: [(String, String)] = []
        for (key, names) in lists where !names.isEmpty {
            settings.append((key, try quoted(names.joined(separator: ","), hop)))
        }
        return settings
    }
}

extension RouteFile {
    static func pinScript(_ index: Int) -> String { "pin-\(index).sh" }

    /// The programs that vouch for pinned host keys, by the names of their files.
    ///
    /// OpenSSH can't be given a fingerprint; but it asks a program for the keys it
    /// may trust, and tells it which one the host has shown.
    var pinScripts: [(name: String, text: String)] {
        route.hops.enumerated().filter { !$1.pins.isEmpty }.map { index, hop in
            let pins = hop.pins.map(\.shellQuoted).joined(separator: " | ")
            let text = """
                case $1 in
                \(pins)) printf '%s %s %s\\n' "$2" "$3" "$4" ;;
                esac

                """
            return (Self.pinScript(index), text)
        }
    }

    /// A value as one word. OpenSSH's releases don't agree on escapes between quotes.
    private func quoted(_ value: String, _ hop: SSHHop) throws(SSHTrouble) -> String {
        let isPlain = value.unicodeScalars.allSatisfy {
            $0.value >= 32 && $0.value != 127 && $0 != "\"" && $0 != "\\"
        }
        guard isPlain, !value.isEmpty, !value.contains("${"), value.first != "-" else {
            throw SSHTrouble(
                .unusable, "\(value.quoted) can't be given to ssh for \(hop)",
                hint: "name it without quotes, backslashes and control characters")
        }
        return "\"\(value)\""
    }

    /// A value where OpenSSH would take quotes for a part of it.
    private func bare(_ value: String, _ hop: SSHHop) throws(SSHTrouble) -> String {
        guard !value.contains(where: { $0.isWhitespace || $0 == "," }) else {
            throw SSHTrouble(.unusable, "\(value.quoted) can't be given to ssh for \(hop)")
        }
        _ = try quoted(value, hop)
        return value
    }

    /// The same where `%` begins a token.
    private func escaped(_ value: String, _ hop: SSHHop) throws(SSHTrouble) -> String {
        try quoted(value, hop).replacing("%", with: "%%")
    }
}

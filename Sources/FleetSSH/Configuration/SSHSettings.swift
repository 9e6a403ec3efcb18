import FleetModel

/// The options of one host that matter to us, with their defaults and tokens filled in.
struct SSHSettings: Hashable, Sendable {
    let hostName: String
    let port: Int
    let user: String
    let hostKeyAlias: String?
    /// The user's files, then those of the system.
    let knownHostsFiles: [String]
    let hostKeyPolicy: HostKeyPolicy
    let hashesKnownHosts: Bool
    let identityFiles: [String]
    let certificateFiles: [String]
    let agentSocket: String?
    let identitiesOnly: Bool
    let connectTimeout: Duration?
    let algorithms: SSHHop.Algorithms
    /// As it is written; `nil` for none.
    let proxyJump: String?
    let needsOpenSSH: [String]

    init(_ options: SSHOptions, of query: SSHQuery, in surroundings: SSHSurroundings) {
        let host = Self.hostName(options, query)
        port = query.port ?? options.word("port").flatMap { Int($0) } ?? 22
        user = query.user ?? options.word("user") ?? surroundings.user
        (hostName, hostKeyAlias) = (host, options.word("hostkeyalias"))
        let tokens = SSHTokens(
            surroundings: surroundings, query: query, host: host, port: port, user: user,
            hostKeyAlias: hostKeyAlias)
        var paths = SSHPaths(options, tokens)
        knownHostsFiles = paths.knownHosts()
        identityFiles = paths.identities()
        certificateFiles = paths.certificates()
        agentSocket = paths.agent()
        hostKeyPolicy = Self.policy(options.word("stricthostkeychecking"))
        (hashesKnownHosts, identitiesOnly) = (
            options.isOn("hashknownhosts"), options.isOn("identitiesonly")
        )
        connectTimeout = options.word("connecttimeout").flatMap { Int($0) }
            .flatMap { $0 > 0 ? .seconds($0) : nil }
        algorithms = Self.algorithms(options)
        let jump = options.word("proxyjump").flatMap { $0.lowercased() == "none" ? nil : $0 }
        proxyJump = jump.flatMap(tokens.filled)
        let own = SSHSettings.reasons(options)
        needsOpenSSH = options.needsOpenSSH + own + paths.unfilled
    }

    /// Names of hosts are small letters to OpenSSH, once it has resolved them.
    private static func hostName(_ options: SSHOptions, _ query: SSHQuery) -> String {
        let written = options.word("hostname") ?? query.name
        return written.replacing("%h", with: query.name).replacing("%%", with: "%").lowercased()
    }

    /// `no` would take a changed key as well, which we never do.
    private static func policy(_ word: String?) -> HostKeyPolicy {
        ["accept-new", "no", "off", "false"].contains(word?.lowercased() ?? "")
            ? .acceptNew : .strict
    }

    private static func algorithms(_ options: SSHOptions) -> SSHHop.Algorithms {
        var algorithms = SSHHop.Algorithms()
        algorithms.hostKeys = demanded("hostkeyalgorithms", options)
        algorithms.keyExchanges = demanded("kexalgorithms", options)
        algorithms.ciphers = demanded("ciphers", options)
        algorithms.macs = demanded("macs", options)
        return algorithms
    }

    /// The algorithms that an operator restricts us to. A list that only adds to the
    /// usual ones, or puts some of them first, restricts nothing.
    private static func demanded(_ keyword: String, _ options: SSHOptions) -> [String] {
        guard let text = options.word(keyword), let first = text.first,
            !"+^-".contains(first)
        else { return [] }
        let list = text.split(separator: ",").map(String.init)
        let usual = options.usual[keyword] ?? []
        let isWider = !usual.isEmpty && usual.allSatisfy(list.contains)
        return isWider ? [] : list
    }
}

extension SSHSettings {
    /// What is asked for and only OpenSSH's program does.
    ///
    /// `GSSAPIAuthentication yes` alone is not among it: Debian's own configuration
    /// says so of every host.
    fileprivate static func reasons(_ options: SSHOptions) -> [String] {
        let set = setReasons.filter { keyword, _ in
            options.word(keyword).map { $0.lowercased() != "none" } ?? false
        }.map(\.1)
        let methods = options.word("preferredauthentications")?.split(separator: ",")
        let key = methods?.firstIndex(of: "publickey")
        let kerberos = methods?.firstIndex { $0.hasPrefix("gssapi") }
        var reasons = set
        if options.isOff("pubkeyauthentication") { reasons.append("PubkeyAuthentication no") }
        if methods != nil, key == nil {
            reasons.append("PreferredAuthentications without publickey")
        } else if let key, let kerberos, kerberos < key {
            reasons.append("PreferredAuthentications with GSSAPI first")
        }
        if let family = options.word("addressfamily"), family.lowercased() != "any" {
            reasons.append("AddressFamily \(family)")
        }
        if ["ciphers", "macs", "kexalgorithms", "hostkeyalgorithms"].contains(where: { keyword in
            options.word(keyword)?.hasPrefix("-") == true
        }) {
            reasons.append("algorithms taken away with `-`")
        }
        return reasons
    }

    private static let setReasons = [
        ("proxycommand", "ProxyCommand"), ("pkcs11provider", "PKCS11Provider"),
        ("bindaddress", "BindAddress"), ("bindinterface", "BindInterface"),
        ("knownhostscommand", "KnownHostsCommand"),
    ]
}

public import FleetModel

/// Works out the whole way to a bastion from the inventory and the SSH configuration.
///
/// What the inventory says of a bastion counts; the rest is what `ssh HOST` would do.
public struct SSHConfigurationResolver: Sendable {
    private let bastions: [BastionName: Bastion]
    private let source: any SSHConfigurationSource
    private let surroundings: SSHSurroundings
    /// More hops than anybody has; a configuration may lead in circles.
    private static let mostHops = 16

    public init(
        bastions: [Bastion], source: any SSHConfigurationSource, surroundings: SSHSurroundings
    ) {
        self.bastions = Dictionary(bastions.map { ($0.name, $0) }) { first, _ in first }
        (self.source, self.surroundings) = (source, surroundings)
    }

    /// - Throws: `unusable`, when a name leads nowhere or in a circle, or when the SSH
    ///   configuration can't be read.
    public func route(to name: BastionName) async throws(SSHTrouble) -> SSHRoute {
        var chain: [BastionName] = []
        var next: BastionName? = name
        while let name = next {
            guard !chain.contains(name) else { throw .circle((chain + [name]).map(\.rawValue)) }
            guard let bastion = bastions[name] else {
                throw SSHTrouble(
                    .unusable, "bastion \(name.rawValue.quoted) isn't in the inventory")
            }
            chain.append(name)
            next = bastion.via
        }
        var hops: [SSHHop] = []
        // From the far end of the chain, which is the first to be reached.
        for name in chain.reversed() {
            if let bastion = bastions[name] { hops = try await self.hops(to: bastion, after: hops) }
        }
        return SSHRoute(hops)
    }

    private func hops(
        to bastion: Bastion, after before: [SSHHop]
    ) async throws(SSHTrouble) -> [SSHHop] {
        let name = bastion.sshAlias ?? bastion.host ?? bastion.name.rawValue
        let query = SSHQuery(name, user: bastion.user, port: bastion.port)
        let settings = try await self.settings(query)
        // `via` says how the bastion is reached, whatever the configuration has.
        let way =
            before.isEmpty ? try await jumps(settings, of: query, chain: [name]) : before
        var hop = SSHHop(settings, query)
        if bastion.via != nil { hop.forgetProxyCommand() }
        hop.take(bastion)
        return way + [hop.completed()]
    }

    private func settings(_ query: SSHQuery) async throws(SSHTrouble) -> SSHSettings {
        SSHSettings(try await source.options(for: query), of: query, in: surroundings)
    }

    // MARK: - ProxyJump

    /// The hops that `ProxyJump` asks for. The first has jumps of its own; each other
    /// is reached through the one before, as `ssh -J` does it.
    private func jumps(
        _ settings: SSHSettings, of query: SSHQuery, chain: [String]
    ) async throws(SSHTrouble) -> [SSHHop] {
        guard let text = settings.proxyJump else { return [] }
        guard let hosts = JumpHost.list(text) else {
            throw SSHTrouble(
                .unusable, "`ProxyJump \(text)` of \(query.name.quoted) can't be read")
        }
        var hops: [SSHHop] = []
        for host in hosts {
            let settings = try await self.settings(host.query)
            if hops.isEmpty { hops = try await first(host.query, settings, chain) }
            hops.append(SSHHop(settings, host.query).completed())
        }
        return hops
    }

    /// What comes before the first host of a list.
    private func first(
        _ query: SSHQuery, _ settings: SSHSettings, _ chain: [String]
    ) async throws(SSHTrouble) -> [SSHHop] {
        let longer = chain + [query.name]
        guard !chain.contains(query.name), longer.count <= Self.mostHops else {
            throw .circle(longer)
        }
        return try await jumps(settings, of: query, chain: longer)
    }
}

extension SSHTrouble {
    fileprivate static func circle(_ names: [String]) -> Self {
        Self(
            .unusable,
            "the way to \(names[0].quoted) leads in a circle: "
                + names.joined(separator: " → "),
            hint: "one of them must be reached directly: without `via`, or with `ProxyJump none`")
    }
}

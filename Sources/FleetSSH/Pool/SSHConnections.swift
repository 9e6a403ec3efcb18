/// All connections of this process, by the route they take.
///
/// Routes that begin with the same hosts share the connections to those; two bastions
/// with the same address behind two gateways share nothing.
public final class SSHConnections: Sendable {
    private let registry: PoolRegistry

    /// - Parameters:
    ///   - judge: Says whether a host is the one it says it is.
    ///   - authenticator: Knows with what to log in.
    ///   - random: What pauses are drawn from.
    public init(
        judge: any HostKeyJudge, authenticator: any Authenticator,
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        registry = PoolRegistry(
            party: ConnectingParty(judge: judge, authenticator: authenticator), random: random)
    }

    /// A way to run lines at the end of a route. Connects with the first line.
    public func transport(
        along route: SSHRoute, limits: PoolLimits = PoolLimits()
    ) -> LibSSH2Transport {
        LibSSH2Transport(route: route, limits: limits, registry: registry)
    }

    /// How many lines wait for a channel.
    func waitingLines(along route: SSHRoute) async -> Int {
        await registry.waitingLines(along: route)
    }

    /// Closes every connection. Lines that run are lost; their commands run on.
    public func close() async {
        await registry.close()
    }
}

/// One pool for each route, and for each of its beginnings.
@SSHLoop
final class PoolRegistry {
    private let party: ConnectingParty
    private let random: any RandomNumberGenerator & Sendable
    private var pools: [SSHRoute: ConnectionPool] = [:]
    /// Whoever still tries then would connect behind the back of a process that is leaving.
    private(set) var isClosed = false

    nonisolated init(party: ConnectingParty, random: any RandomNumberGenerator & Sendable) {
        (self.party, self.random) = (party, random)
    }

    /// Whoever forgets to close leaves no connection behind.
    isolated deinit { close() }

    func waitingLines(along route: SSHRoute) -> Int { pools[route]?.waitingLines ?? 0 }

    func facts(along route: SSHRoute) -> ConnectionFacts? { pools[route]?.facts }

    /// No limits are named for a host that is only on the way.
    func pool(along route: SSHRoute, limits: PoolLimits?) -> ConnectionPool {
        if let pool = pools[route] {
            if let limits { pool.use(limits) }
            return pool
        }
        let before = route.hops.dropLast()
        let gateway = before.isEmpty ? nil : pool(along: SSHRoute(Array(before)), limits: nil)
        let pool = ConnectionPool(
            along: route, behind: gateway, limits: limits ?? PoolLimits(), party: party,
            random: random)
        pools[route] = pool
        return pool
    }

    func close() {
        isClosed = true
        let routes = pools.keys.sorted { $0.hops.count > $1.hops.count }
        for route in routes { pools[route]?.close() }
        pools = [:]
    }
}

/// A transport's pool, looked up once: a route is long, and many lines take it.
@SSHLoop
final class PoolLease {
    private let route: SSHRoute
    private let limits: PoolLimits
    private let registry: PoolRegistry
    private var pool: ConnectionPool?

    nonisolated init(along route: SSHRoute, limits: PoolLimits, of registry: PoolRegistry) {
        (self.route, self.limits, self.registry) = (route, limits, registry)
    }

    var facts: ConnectionFacts? { registry.facts(along: route) }

    func run(_ line: Line, waking waiter: Line.Waiter) {
        line.wake(waiter)
        guard !registry.isClosed else {
            return line.finish(
                .failure(.notSent(SSHTrouble(.unusable, "the connections are closed"))))
        }
        let pool = pool ?? registry.pool(along: route, limits: limits)
        self.pool = pool
        pool.run(line)
    }
}

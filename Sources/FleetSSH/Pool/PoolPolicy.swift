/// How many connections to have, and who gets the next channel.
///
/// Only arithmetic: facts go in, numbers come out. Whoever asks does what they say.
struct PoolPolicy {
    typealias Instant = ContinuousClock.Instant

    /// What the policy sees of a connection.
    struct Connection: Equatable {
        var isReady = true
        var lines = 0
        var spares = 0
        var tunnels = 0
        var roundTrip = Duration.zero
        /// Since when nothing runs on it.
        var idleSince: Instant?
    }

    let limits: PoolLimits
    /// Nobody knows whether the keys are right. A second refusal at the same time would
    /// be one too many, so the first connection logs in alone.
    private(set) var hasLoggedIn = false
    private(set) var failures = 0
    private(set) var pausedUntil: Instant?
    /// Channels that the bastion gives on one connection, as far as it has told.
    private(set) var channelLimit: Int
    private var second = Rate()
    private var dispatchFailures = 0

    init(_ limits: PoolLimits) {
        self.limits = limits
        channelLimit = limits.session.channels + 1
    }

    // MARK: Facts

    mutating func lineArrived(at now: Instant) {
        second.count(at: now)
    }

    /// Refusals teach; nothing teaches that there is more room again.
    mutating func learned(channelLimit found: Int) {
        channelLimit = min(channelLimit, max(1, found))
    }

    mutating func dispatcherEnded(_ ending: Dispatcher.Ending) {
        switch ending {
        case .asAsked: break
        case .failed: dispatchFailures += 1
        case .unfit: dispatchFailures = limits.dispatch.failures
        }
    }

    mutating func connected() {
        (hasLoggedIn, failures, pausedUntil) = (true, 0, nil)
    }

    /// Says how long to leave the bastion alone: twice as long each time, and never the
    /// same for two who were refused together.
    mutating func refused(
        at now: Instant, using random: inout some RandomNumberGenerator
    ) -> Duration {
        let longest = min(limits.longestPause, limits.firstPause * (1 << min(failures, 16)))
        let pause = longest * Double.random(in: 0.5...1, using: &random)
        failures += 1
        pausedUntil = now + pause
        return pause
    }

    // MARK: How many connections

    /// How many more to make now.
    func missing(_ connections: [Connection], lines: Int, tunnels: Int, at now: Instant) -> Int {
        guard lines + tunnels > 0, pausedUntil.map({ $0 <= now }) ?? true else { return 0 }
        let connecting = connections.count { !$0.isReady }
        let atOnce = hasLoggedIn ? limits.connecting : 1
        let wanted = wanted(connections, lines: lines, tunnels: tunnels, at: now)
        return max(0, min(wanted - connections.count, atOnce - connecting))
    }

    /// By what is in flight, and by what starts: a connection starts one line in each
    /// round trip, for it opens one channel at a time.
    private func wanted(
        _ connections: [Connection], lines waiting: Int, tunnels waitingTunnels: Int,
        at now: Instant
    ) -> Int {
        let lines = waiting + connections.reduce(0) { $0 + $1.lines }
        let tunnels = waitingTunnels + connections.reduce(0) { $0 + $1.tunnels }
        let roundTrip = connections.filter(\.isReady).map(\.roundTrip).min() ?? .zero
        let starts = roundTrip * second.count(upTo: now) / .seconds(1)
        let most = max(
            Self.shares(lines, of: linesPerConnection),
            Self.shares(tunnels, of: limits.session.tunnels), Int(starts.rounded(.up)))
        return min(max(1, most), limits.connections)
    }

    private var linesPerConnection: Int { min(limits.session.channels, channelLimit) }

    private static func shares(_ amount: Int, of size: Int) -> Int {
        (amount + size - 1) / max(1, size)
    }

    // MARK: Whether to dispatch

    /// Whether lines should go through a dispatcher: each of these connections starts one
    /// in a round trip, so some would wait for several.
    func wantsDispatcher(_ connections: [Connection], lines: Int) -> Bool {
        let roundTrip = connections.filter(\.isReady).map(\.roundTrip).min() ?? .zero
        let most = limits.dispatch.backlog * limits.connections
        return roundTrip >= limits.dispatch.roundTrip && lines > most
            && dispatchFailures < limits.dispatch.failures
    }

    // MARK: Who gets the next channel

    /// The least busy connection with a channel at hand.
    ///
    /// An urgent line may take the one that is kept ready beyond the usual number: what
    /// ends other lines must not wait for their end.
    func connectionForLine(
        _ connections: some Sequence<Connection>, isUrgent: Bool = false
    ) -> Int? {
        let most = limits.session.channels + (isUrgent ? 1 : 0)
        return connections.enumerated().lazy
            .filter { $0.element.isReady && $0.element.spares > 0 && $0.element.lines < most }
            .min { $0.element.lines < $1.element.lines }?.offset
    }

    func connectionForTunnel(_ connections: [Connection]) -> Int? {
        connections.indices
            .filter {
                connections[$0].isReady && connections[$0].tunnels < limits.session.tunnels
            }
            .min { connections[$0].tunnels < connections[$1].tunnels }
    }

    // MARK: Which to close

    /// Those idle for too long; but one stays, so that the next line starts at once.
    func idle(_ connections: [Connection], at now: Instant) -> [Int] {
        let ready = connections.indices.filter { connections[$0].isReady }
        let idle = ready.filter { index in
            connections[index].idleSince.map { now - $0 >= limits.idle } ?? false
        }
        return Array(idle.suffix(max(0, ready.count - 1)))
    }
}

/// Counts what happens in a second, in whole seconds.
private struct Rate {
    private var begun: ContinuousClock.Instant?
    private var current = 0
    private var previous = 0

    mutating func count(at now: ContinuousClock.Instant) {
        roll(to: now)
        current += 1
    }

    /// The busier of this second and the one before, for this one isn't over.
    func count(upTo now: ContinuousClock.Instant) -> Int {
        var copy = self
        copy.roll(to: now)
        return max(copy.current, copy.previous)
    }

    private mutating func roll(to now: ContinuousClock.Instant) {
        guard let begun, now - begun < .seconds(2) else {
            return (self.begun, current, previous) = (now, 0, 0)
        }
        guard now - begun >= .seconds(1) else { return }
        (self.begun, previous, current) = (begun + .seconds(1), current, 0)
    }
}

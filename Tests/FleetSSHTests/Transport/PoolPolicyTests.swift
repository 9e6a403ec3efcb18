import Testing

@testable import FleetSSH

/// How many connections, and who gets the next channel: numbers in, numbers out.
struct PoolPolicyTests {
    private let start = ContinuousClock.now
    private var random = FixedRandom()

    private func policy(_ change: (inout PoolLimits) -> Void = { _ in }) -> PoolPolicy {
        var limits = PoolLimits()
        change(&limits)
        var policy = PoolPolicy(limits)
        policy.connected()
        return policy
    }

    @Test func `nothing to do needs no connection`() {
        #expect(policy().missing([], lines: 0, tunnels: 0, at: start) == 0)
    }

    @Test func `the first connection logs in alone`() {
        let policy = PoolPolicy(PoolLimits())
        #expect(policy.missing([], lines: 500, tunnels: 0, at: start) == 1)
        #expect(policy.missing([.connecting], lines: 500, tunnels: 0, at: start) == 0)
    }

    @Test(arguments: [(1, 1), (8, 1), (9, 2), (24, 3), (25, 4), (1000, 4)])
    func `every eight lines get a connection, four of them at once`(lines: Int, missing: Int) {
        #expect(policy().missing([], lines: lines, tunnels: 0, at: start) == missing)
    }

    @Test func `never more connections than allowed`() {
        let busy = [PoolPolicy.Connection](repeating: .init(lines: 8), count: 7)
        #expect(policy().missing(busy, lines: 1000, tunnels: 0, at: start) == 1)
        #expect(policy().missing(busy + busy, lines: 1000, tunnels: 0, at: start) == 0)
    }

    @Test func `lines in flight count as those that wait do`() {
        let busy = [PoolPolicy.Connection(lines: 8)]
        #expect(policy().missing(busy, lines: 1, tunnels: 0, at: start) == 1)
    }

    @Test func `a bastion that gives few channels gets more connections`() {
        var policy = policy()
        policy.learned(channelLimit: 2)
        #expect(policy.missing([], lines: 6, tunnels: 0, at: start) == 3)
        policy.learned(channelLimit: 5)
        #expect(policy.missing([], lines: 6, tunnels: 0, at: start) == 3)
    }

    @Test func `an urgent line may take the channel that is kept ready`() {
        let full = [PoolPolicy.Connection(lines: 8, spares: 1)]
        #expect(policy().connectionForLine(full) == nil)
        #expect(policy().connectionForLine(full, isUrgent: true) == 0)
    }

    @Test func `a slow link gets a connection for each start in a round trip`() {
        var policy = policy()
        for number in 0..<60 { policy.lineArrived(at: start + .milliseconds(number)) }
        let far = [PoolPolicy.Connection(roundTrip: .milliseconds(50))]
        #expect(policy.missing(far, lines: 1, tunnels: 0, at: start + .milliseconds(100)) == 2)
        let near = [PoolPolicy.Connection(roundTrip: .microseconds(100))]
        #expect(policy.missing(near, lines: 1, tunnels: 0, at: start + .milliseconds(100)) == 0)
    }

    @Test func `what started two seconds ago doesn't count any more`() {
        var policy = policy()
        for _ in 0..<60 { policy.lineArrived(at: start) }
        let far = [PoolPolicy.Connection(roundTrip: .milliseconds(50))]
        #expect(policy.missing(far, lines: 1, tunnels: 0, at: start + .seconds(3)) == 0)
    }

    @Test(arguments: [(16, 50, false), (17, 50, true), (17, 10, true), (500, 9, false)])
    func `a slow link where lines would wait wants a dispatcher`(
        lines: Int, milliseconds: Int, isWanted: Bool
    ) {
        let links = [PoolPolicy.Connection(roundTrip: .milliseconds(milliseconds)), .connecting]
        #expect(policy().wantsDispatcher(links, lines: lines) == isWanted)
    }

    @Test func `nobody knows how slow a link is before there is a connection`() {
        #expect(!policy().wantsDispatcher([.connecting], lines: 500))
    }

    @Test func `a bastion that can't dispatch is asked once, one that fails three times`() {
        let far = [PoolPolicy.Connection(roundTrip: .milliseconds(50))]
        var policy = policy()
        for _ in 0..<2 { policy.dispatcherEnded(.failed) }
        policy.dispatcherEnded(.asAsked)
        #expect(policy.wantsDispatcher(far, lines: 500))
        policy.dispatcherEnded(.failed)
        #expect(!policy.wantsDispatcher(far, lines: 500))
        var other = self.policy()
        other.dispatcherEnded(.unfit)
        #expect(!other.wantsDispatcher(far, lines: 500))
    }

    @Test func `tunnels have places of their own`() {
        let full = [PoolPolicy.Connection(tunnels: 8)]
        #expect(policy().missing(full, lines: 0, tunnels: 1, at: start) == 1)
        #expect(policy().missing(full, lines: 8, tunnels: 0, at: start) == 0)
    }

    @Test mutating func `pauses double, differ, and end at the longest`() {
        var policy = policy()
        let pauses = (0..<8).map { _ in policy.refused(at: start, using: &random) }
        for (number, pause) in pauses.enumerated() {
            let longest = min(Duration.seconds(3), .milliseconds(100) * (1 << number))
            #expect(pause >= longest / 2 && pause <= longest)
        }
        #expect(Set(pauses).count == pauses.count)
    }

    @Test mutating func `nobody knocks during a pause`() {
        var policy = policy()
        let pause = policy.refused(at: start, using: &random)
        #expect(policy.missing([], lines: 9, tunnels: 0, at: start) == 0)
        #expect(policy.missing([], lines: 9, tunnels: 0, at: start + pause) == 2)
    }

    @Test func `a line goes to the least busy connection with a channel at hand`() {
        let connections: [PoolPolicy.Connection] = [
            .init(lines: 3, spares: 1), .init(lines: 0, spares: 0), .init(lines: 2, spares: 1),
            .init(isReady: false),
        ]
        #expect(policy().connectionForLine(connections) == 2)
        #expect(policy().connectionForLine([.init(lines: 8, spares: 1)]) == nil)
        #expect(policy().connectionForLine([]) == nil)
    }

    @Test func `a tunnel goes to the connection with the fewest`() {
        #expect(policy().connectionForTunnel([.init(tunnels: 2), .init(tunnels: 1)]) == 1)
        #expect(policy().connectionForTunnel([.init(tunnels: 8)]) == nil)
    }

    @Test func `idle connections go, but one stays warm`() {
        let idle = PoolPolicy.Connection(idleSince: start)
        let busy = PoolPolicy.Connection(lines: 1)
        let later = start + .seconds(300)
        #expect(policy().idle([idle], at: later) == [])
        #expect(policy().idle([idle, idle, idle], at: later) == [1, 2])
        #expect(policy().idle([busy, idle], at: later) == [1])
        #expect(policy().idle([idle, idle], at: later - .seconds(1)) == [])
    }
}

extension PoolPolicy.Connection {
    fileprivate static let connecting = PoolPolicy.Connection(isReady: false)
}

/// The same numbers every time.
private struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}

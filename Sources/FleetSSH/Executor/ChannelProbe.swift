import Synchronization

/// Finds out how many channels a bastion gives on one connection: its MaxSessions, as far
/// as we would ever use it.
///
/// It makes one connection of its own, so that no command is in its way and sshd's
/// MaxStartups is nowhere near, and opens no more channels there than a full pool would.
public struct ChannelProbe: Sendable {
    public enum Finding: Hashable, Sendable {
        /// All that were asked for were given.
        case atLeast(Int)
        /// The next one was refused.
        case exactly(Int)
    }

    private let route: SSHRoute
    private let judge: any HostKeyJudge
    private let authenticator: any Authenticator
    private let clock: any Clock<Duration>

    public init(
        along route: SSHRoute, judge: any HostKeyJudge, authenticator: any Authenticator,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        (self.route, self.judge) = (route, judge)
        (self.authenticator, self.clock) = (authenticator, clock)
    }

    /// Asks for so many channels, at least 2; `nil` when the bastion can't be asked.
    public func channels(upTo most: Int) async -> Finding? {
        let connections = SSHConnections(judge: judge, authenticator: authenticator)
        var limits = PoolLimits()
        limits.connections = 1
        // A connection keeps one channel ready besides those that run a line.
        limits.session.channels = max(1, most - 1)
        // One channel that many lines share would tell nothing of how many there may be.
        limits.dispatch.failures = 0
        let crowd = Crowd()
        let transport = connections.transport(along: route, limits: limits)
        let lines = (0..<limits.session.channels).map { _ in
            Task { await crowd.join(Self.holding, on: transport) }
        }
        let finding = await finding(of: crowd, on: transport, limits.session.channels)
        for line in lines { line.cancel() }
        await connections.close()
        return finding
    }

    private func finding(
        of crowd: Crowd, on transport: LibSSH2Transport, _ most: Int
    ) async -> Finding? {
        let hasLast = FirstValue<Void>()
        var isLastAsked = false
        for _ in 0..<Self.looks {
            if let limit = await transport.facts?.channelLimit { return .exactly(limit) }
            if hasLast.isThere { return .atLeast(most + 1) }
            if crowd.hasFailed { return nil }
            if crowd.size == most, !isLastAsked {
                isLastAsked = true
                // Who is in a hurry gets the channel that is kept ready, if there is one.
                Task {
                    if await crowd.runs("true", urgentlyOn: transport) { hasLast.fill(()) }
                }
            }
            // Nobody cancels a look around.
            try? await clock.sleep(for: .milliseconds(10))
        }
        return nil
    }

    /// Half a minute, for a bastion that is slow to let us in.
    private static let looks = 3_000

    /// Holds a channel until its connection ends, or for ten seconds at most.
    private static let holding =
        "exec sh -c 'echo; i=0; while [ -d /proc/$PPID ] && [ $i -lt 100 ]; "
        + "do sleep 0.1; i=$((i + 1)); done'"
}

/// Lines that hold a channel each.
private final class Crowd: Sendable {
    private let state = Mutex((size: 0, hasFailed: false))

    var size: Int { state.withLock(\.size) }
    var hasFailed: Bool { state.withLock(\.hasFailed) }

    /// Runs a line, which counts from its first byte on.
    func join(_ line: String, on transport: LibSSH2Transport) async {
        let member = Member { self.state.withLock { $0.size += 1 } }
        do throws(TransportFailure) {
            _ = try await transport.run(line, stdin: [], into: member)
        } catch {
            if error != .cancelled { state.withLock { $0.hasFailed = true } }
        }
    }

    func runs(_ line: String, urgentlyOn transport: LibSSH2Transport) async -> Bool {
        let member = Member {}
        do throws(TransportFailure) {
            return try await transport.runUrgently(line, stdin: [], into: member) == .exited(0)
        } catch {
            return false
        }
    }
}

/// Tells that something was printed, once.
private final class Member: RemoteOutput {
    private let began = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ began: @escaping @Sendable () -> Void) { self.began.withLock { $0 = began } }

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        began.withLock { $0.take() }?()
    }
}

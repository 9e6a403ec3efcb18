/// Runs lines on one bastion over connections that libssh2 speaks for.
public struct LibSSH2Transport: BastionTransport {
    public let route: SSHRoute
    private let lease: PoolLease

    init(route: SSHRoute, limits: PoolLimits, registry: PoolRegistry) {
        self.route = route
        lease = PoolLease(along: route, limits: limits, of: registry)
    }

    /// sshd takes 34 KB of a line; what quoting adds is the caller's to count.
    public static let longestLine = 30_000

    public func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await run(line, stdin, sink, isUrgent: false)
    }

    public func runUrgently(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await run(line, stdin, sink, isUrgent: true)
    }

    /// What is known of the bastion; `nil` while there is no connection to it.
    public var facts: ConnectionFacts? {
        get async { await lease.facts }
    }

    private func run(
        _ line: String, _ stdin: [UInt8], _ sink: any RemoteOutput, isUrgent: Bool
    ) async throws(TransportFailure) -> RemoteExit {
        guard line.utf8.count <= Self.longestLine else {
            let reason = "a line of \(line.utf8.count) bytes is too long for sshd"
            throw .notSent(SSHTrouble(.unusable, reason))
        }
        let line = Line(line, stdin: stdin, sink: sink, isUrgent: isUrgent)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                // From here rather than from the loop, so that the end of a line goes
                // straight to its caller's thread.
                SSHLoop.call { lease.run(line, waking: waiter) }
            }
        } onCancel: {
            SSHLoop.call { line.cancel() }
        }
        return try result.get()
    }
}

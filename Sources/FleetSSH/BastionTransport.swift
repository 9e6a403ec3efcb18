/// One way to run lines on one bastion: libssh2's, or OpenSSH's program.
///
/// A transport knows nothing of jobs, trailers or kubectl. It carries a line and
/// its stdin there, and what it prints back, and says how the line ended as far as
/// the connection tells.
public protocol BastionTransport: Sendable {
    /// Runs a line with the login shell of the bastion's user.
    ///
    /// Returns once both streams are at their end and the far side has closed. A
    /// cancelled task makes it return soon, with ``TransportFailure/cancelled``;
    /// what runs on the bastion is not stopped by that.
    ///
    /// - Parameters:
    ///   - line: At most 30,000 bytes, for sshd refuses more than 34 KB. Already
    ///     quoted: every byte of it reaches the shell.
    ///   - stdin: Sent whole, then closed. A command that doesn't read it does no harm.
    ///   - sink: Told what arrives, as it arrives, stdout and stderr apart.
    /// - Returns: How the line ended.
    /// - Throws: Why it was not run, or why nobody can say how it ended.
    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit

    /// Runs a line ahead of all that wait, such as one that kills what others run.
    func runUrgently(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit
}

extension BastionTransport {
    /// A transport where nobody waits knows no hurry.
    public func runUrgently(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await run(line, stdin: stdin, into: sink)
    }
}

/// Where the output of a line goes. Called from one thread at a time, in order.
public protocol RemoteOutput: Sendable {
    func receive(_ bytes: [UInt8], from stream: RemoteStream)
}

public enum RemoteStream: Hashable, Sendable {
    case stdout, stderr
}

/// How a line ended, by the words of the far side.
public enum RemoteExit: Hashable, Sendable {
    case exited(Int32)
    /// The signal's name without `SIG`, as RFC 4254 6.10 has it.
    case signalled(String)
    /// The channel was closed and nothing said how it ended. Never a success: sshd's
    /// ChannelTimeout closes so while the command runs on.
    case unknown
}

/// Why a line was not run, or why nobody can say how it ended.
public enum TransportFailure: Error, Hashable, Sendable {
    /// No byte of the line was sent. Trying again is safe.
    case notSent(SSHTrouble)
    /// The line was, or may have been, sent; how it ended is not known.
    case lost(SSHTrouble)
    case cancelled
}

/// What is wrong with the way to a bastion, in words for the operator.
public struct SSHTrouble: Error, Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// No connection, or it broke: name not found, refused, timed out, reset.
        case unreachable
        /// The host key is not the one that is known, or it is revoked. Stops the fleet.
        case hostKeyChanged
        /// No key is known for the host, and the policy doesn't accept new ones.
        case hostKeyUnknown
        /// The bastion refused every identity. Not tried again: sshd counts failures.
        case authenticationFailed
        /// The bastion has no room now: MaxSessions, MaxStartups. Worth another try.
        case busy
        /// This transport can't do what the host demands; the other may.
        case unsupported
        /// The configuration, a key file or the agent is unusable.
        case unusable
    }

    public let kind: Kind
    /// One clause without a full stop, that names the host.
    public let reason: String
    /// A command to type, or a setting to change.
    public let hint: String?

    public init(_ kind: Kind, _ reason: String, hint: String? = nil) {
        (self.kind, self.reason, self.hint) = (kind, reason, hint)
    }
}

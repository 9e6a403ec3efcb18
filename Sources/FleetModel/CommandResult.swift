/// What came of a command.
public struct CommandResult: Hashable, Sendable, Codable {
    public var ending: Ending
    public var stdout: [UInt8]
    public var stderr: [UInt8]
    /// Whether either stream held more than was kept.
    public var isTruncated: Bool
    public var duration: Duration
    /// The processes that were ended with it because it was stopped, each as `PID NAME`,
    /// as far as whoever stopped them told.
    public var killed: [String] = []

    public init(
        _ ending: Ending, stdout: [UInt8] = [], stderr: [UInt8] = [], isTruncated: Bool = false,
        duration: Duration = .zero
    ) {
        self.ending = ending
        self.stdout = stdout
        self.stderr = stderr
        self.isTruncated = isTruncated
        self.duration = duration
    }

    public enum Ending: Hashable, Sendable, Codable {
        case exited(Int32)
        case signalled(Int32)
        /// Stopped by us at its deadline.
        case timedOut
        /// Stopped by us before its deadline.
        case cancelled
        /// It was never started, for this reason; nothing can have changed.
        case notStarted(String)
        /// The host where it should run could not be reached; it was never started.
        case unreachable(String)
        /// What answers there is not the host that is known; it was never started.
        case untrusted(String)
        /// It was started and nobody can say how it ended.
        case lost(String)
    }

    public var succeeded: Bool { ending == .exited(0) }
    public var stdoutText: String { String(decoding: stdout, as: UTF8.self) }
    public var stderrText: String { String(decoding: stderr, as: UTF8.self) }
}

extension CommandResult.Ending: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let status): "exit \(status)"
        case .signalled(let signal): "signal \(signal)"
        case .timedOut: "timed out"
        case .cancelled: "cancelled"
        case .notStarted(let reason): "not started: \(reason)"
        case .unreachable(let reason): "not started, unreachable: \(reason)"
        case .untrusted(let reason): "not started, not trusted: \(reason)"
        case .lost(let reason): "lost: \(reason)"
        }
    }
}

/// What the journal keeps of a command, for the audit and for finding it again.
public struct CommandRecord: Hashable, Sendable {
    public let id: CommandID
    public let attempt: Attempt
    /// The command with its redactions already made.
    public let command: Command
    public let startedAt: Timestamp
    /// `nil` while nobody has seen it end.
    public var result: CommandResult?

    public init(
        id: CommandID, attempt: Attempt, command: Command, startedAt: Timestamp,
        result: CommandResult? = nil
    ) {
        self.id = id
        self.attempt = attempt
        self.command = command
        self.startedAt = startedAt
        self.result = result
    }
}

import FleetModel

/// What is asked of a bastion's job script.
enum JobQuestion: Hashable, Sendable {
    /// Start the job, unless it is known, and wait for its end.
    case start
    /// End it, or see to it that it never starts.
    case stop
    /// How does it stand?
    case look

    /// The verb with its words, as the script has them.
    func words(
        _ id: CommandID, _ command: Command, on bastion: Bastion, _ limits: SSHLimits
    ) -> [String] {
        let (id, kept) = (id.rawValue, "\(limits.outputKept)")
        let grace = "\(limits.gracePolls)"
        switch self {
        case .look: return ["follow", id, kept, "0"]
        case .stop:
            return ["stop", id, grace, kept, (limits.grace * 2 + limits.patience).wholeSeconds]
        case .start:
            let patience = command.deadline + limits.grace + limits.patience
            let deadline = Double(max(1, command.deadline.inMilliseconds)) / 1_000
            let size = command.stdin.map { "\($0.utf8.count)" } ?? "-1"
            let added = bastion.variables.map(\.shellQuoted).joined(separator: " ")
            return ["start", id, "\(deadline)", grace, kept, patience.wholeSeconds, size]
                + [bastion.environment["PATH"] ?? "", added] + bastion.words(of: command)
        }
    }
}

extension Duration {
    /// Rounded up.
    fileprivate var wholeSeconds: String { "\(max(0, inMilliseconds + 999) / 1_000)" }
}

import FleetModel

/// How far the following of a job has come.
struct JobProgress {
    var pause: Pause
    let patience: Patience
    /// Whether a start may have reached the bastion, or has.
    var mayHaveStarted: Bool
    var installations = 0
    var trouble: SSHTrouble?
    /// Why a start was refused although an earlier one may yet arrive.
    private(set) var refusal: String?
    /// What was asked so far, answered or not.
    var calls: [Task<BastionCaller.Reply, Never>] = []

    /// What to ask next. A job that is to be stopped, and was never asked to start
    /// here, may be one of an earlier coordinator: it is looked for first.
    func question(_ reason: Interruption.Reason?) -> JobQuestion {
        guard refusal == nil else { return .stop }
        guard reason != nil else { return .start }
        return mayHaveStarted ? .stop : .look
    }

    /// Nothing more can be learnt.
    var hopeless: CommandResult {
        let words = trouble?.words ?? "its bastion does not answer"
        return CommandResult(mayHaveStarted ? .lost(words) : .notStarted(words))
    }

    func neverStarted(_ reason: Interruption.Reason?) -> CommandResult {
        guard reason == .cancelled else { return hopeless }
        return CommandResult(.notStarted("it was cancelled before it began"))
    }

    /// A refusal is only final when nothing is under way that could be taken: else the
    /// job is stopped first, which claims it.
    mutating func refused(_ reason: String) -> CommandResult? {
        guard mayHaveStarted else { return CommandResult(.notStarted(reason)) }
        guard let refusal else {
            refusal = reason
            return nil
        }
        return CommandResult(.lost("\(refusal); and an earlier try may yet arrive"))
    }

    func concluded(_ result: CommandResult) -> CommandResult {
        guard let refusal, case .notStarted = result.ending else { return result }
        return CommandResult(.notStarted(refusal))
    }
}

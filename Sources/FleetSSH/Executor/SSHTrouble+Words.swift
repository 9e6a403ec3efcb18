import FleetModel

extension SSHTrouble {
    /// How a command ends that was never sent because of this.
    var ending: CommandResult.Ending {
        switch kind {
        case .unreachable, .busy: .unreachable(words)
        case .hostKeyChanged: .untrusted(words)
        case .hostKeyUnknown, .authenticationFailed, .unsupported, .unusable: .notStarted(words)
        }
    }

    /// Whether another try may go better.
    var isPassing: Bool { kind == .unreachable || kind == .busy }

    /// The reason, and what to do about it, as one clause.
    var words: String { hint.map { "\(reason) (\($0))" } ?? reason }
}

extension SSHTrouble {
    /// Whether another try may go better.
    var isPassing: Bool { kind == .unreachable || kind == .busy }

    /// The reason, and what to do about it, as one clause.
    var words: String { hint.map { "\(reason) (\($0))" } ?? reason }
}

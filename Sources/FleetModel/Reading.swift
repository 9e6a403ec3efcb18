/// Which of the two clusters a takeover touches.
public enum Target: String, Hashable, Sendable, Codable {
    case cluster
    case management
}

/// Something to read, which changes nothing.
public enum Reading: Hashable, Sendable {
    /// An API path such as `/apis/apps/v1/deployments?limit=500`, read with GET.
    case path(String, on: Target)
    /// A command that only asks, such as a server-side dry-run. Its stdout is JSON.
    case command(Command, on: Target)
    /// A command that only asks and prints what it likes: JSON, or else a text.
    case output(Command)
    /// A command that only asks, and whose exit status is part of its answer: a ``ToolReport``.
    case report(Command)
    /// Likewise, where it may well be that nobody may ask: whatever the tool says is an answer.
    case trial(Command)
}

/// What came of a reading. Trouble on the way is the runner's business and
/// never reaches a step.
public enum ReadResult: Hashable, Sendable {
    case found(JSON)
    /// The object, or its kind, does not exist.
    case absent
    /// The server understood and said no, in these words: a webhook or a policy.
    case refused(String)
}

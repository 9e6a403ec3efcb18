/// What a step found out by looking.
public enum Observation: Hashable, Sendable {
    /// Ask again once these have been read too.
    case needs([Reading])
    /// Nothing is left to do; the text says how we know.
    case done(String)
    case notDone(String)
    /// The change has been made and is taking effect.
    case partial(String)
    /// An item is watched for a while, because it must stay as it is, or must not; a
    /// changed fingerprint starts the time anew, as does any other answer in between.
    case settling(item: String, for: Duration, fingerprint: String)
    /// What was read makes no sense yet; look again.
    case unknown(String)
    case failed(Failure)
}

/// What is done for a cluster on which a step has failed, so that it is left no worse than need
/// be. The step has failed all the same.
public struct Remedy: Hashable, Sendable {
    public let commands: [Command]
    /// What they have done, to end the failure's reason with.
    public let words: String

    public init(_ commands: [Command], words: String) {
        (self.commands, self.words) = (commands, words)
    }
}

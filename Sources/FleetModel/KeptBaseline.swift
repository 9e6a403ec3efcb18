/// What a step remembers of its cluster as it was before it changed anything.
///
/// It can be written down, so that whoever takes the step up after a coordinator's death
/// compares with the same.
public protocol StepBaseline: Sendable {
    /// All that a later look is compared with. ``Step/recall`` reads it again.
    var text: String { get }
}

/// Why a baseline that was written down can't be used, as the end of a sentence.
public struct UnreadableBaseline: Error, Hashable, Sendable {
    public let reason: String

    public init(_ reason: String) { self.reason = reason }
}

/// A baseline as the journal keeps it until somebody has judged by it.
public struct KeptBaseline: Hashable, Sendable {
    /// The attempt that looked.
    public let attempt: Attempt
    /// The step's name: a position alone does not say which step it was to another program.
    public let step: String
    /// The cluster's identity, by the UID of its namespace `kube-system`.
    public let identity: String
    public let takenAt: Timestamp
    /// Whether it still counts once the run was halted within the step. A step that is left
    /// between two items has been judged up to there.
    public let outlivesHalt: Bool
    public let text: String
    /// SHA-256 of the text as it was written: one letter more or less would be another cluster.
    public let digest: String

    public init(
        _ text: String, of step: StepOutline, by attempt: Attempt, identity: String,
        at takenAt: Timestamp
    ) {
        self.init(
            text, digest: SHA256.hexadecimal(Array(text.utf8)), of: step.name, by: attempt,
            identity: identity, at: takenAt, outlivesHalt: step.interrupt != .betweenItems)
    }

    /// As it was read from where it was kept.
    public init(
        _ text: String, digest: String, of step: String, by attempt: Attempt, identity: String,
        at takenAt: Timestamp, outlivesHalt: Bool
    ) {
        (self.text, self.digest, self.step, self.attempt) = (text, digest, step, attempt)
        (self.identity, self.takenAt, self.outlivesHalt) = (identity, takenAt, outlivesHalt)
    }

    /// Refuses to be taken for what it is not.
    public func expect(
        step: StepOutline, identity: String
    ) throws(UnreadableBaseline) {
        guard self.step == step.name else {
            throw UnreadableBaseline("it belongs to step \(self.step)")
        }
        guard self.identity == identity else {
            throw UnreadableBaseline(
                "it is of another cluster, with kube-system UID \(self.identity)")
        }
        guard SHA256.hexadecimal(Array(text.utf8)) == digest else {
            throw UnreadableBaseline("it is damaged")
        }
    }
}

extension Outcome {
    /// Whether the step has been judged, so that its baseline is of no use any more.
    ///
    /// Who was cut off, could not see the cluster or ran out of time has judged nothing: the
    /// next attempt still compares with how things were before the first one.
    public var isVerdict: Bool {
        switch self {
        case .succeeded: true
        case .failed(let failure): failure.kind.isVerdict
        case .lost: false
        }
    }
}

extension Failure.Kind {
    fileprivate var isVerdict: Bool {
        switch self {
        case .terminal, .alarm, .blocked: true
        case .transient, .timedOut, .unreachable, .identityMismatch, .inDoubt, .interrupted: false
        }
    }
}

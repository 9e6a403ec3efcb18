public import FleetModel

/// A mistake in a takeover, found before anything runs.
public struct TakeoverProblem: OperatorError, Hashable {
    /// What the mistake is about, so that it can be placed in the file.
    public let subject: Subject
    public let problem: String
    public let hint: String?

    public init(_ subject: Subject, _ problem: String, hint: String? = nil) {
        self.subject = subject
        self.problem = problem
        self.hint = hint
    }

    public enum Subject: Hashable, Sendable {
        case revision
        case version
        case oldRevision
        /// A parameter, by name.
        case parameter(String)
        /// A manifest, by role: that it is there, or is missing.
        case manifest(String)
        /// What a manifest says, by role, and the path to what is wrong in it.
        case content(String, [String])
        /// The steps that the takeover adds.
        case ownSteps
        /// One of them by its number, from 0, and the path to what is wrong in it.
        case ownStep(Int, [String])
    }

    public var place: String? { nil }
}

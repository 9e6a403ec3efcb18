/// A step that a takeover's author puts into a runbook, or writes a runbook of.
public struct OwnStep: Hashable, Sendable, Codable {
    public var name: String
    public var title: String
    public var position: Position
    public var place: Place
    public var observe: Question
    /// What to run when the question's answer is no; `nil` for a step that only waits for a yes.
    public var act: Action?
    public var timeout: Duration
    /// How long to wait between two questions.
    public var poll: Duration
    public var interrupt: Interrupt

    public init(
        name: String, title: String = "", position: Position, place: Place = .cluster,
        observe: Question, act: Action? = nil, timeout: Duration = .minutes(5),
        poll: Duration = .seconds(3), interrupt: Interrupt = .safe
    ) {
        self.name = name
        self.title = title
        self.position = position
        self.place = place
        self.observe = observe
        self.act = act
        self.timeout = timeout
        self.poll = poll
        self.interrupt = interrupt
    }

    /// Before or after a step, or at the beginning or end of a whole phase.
    public struct Position: Hashable, Sendable, Codable {
        public var side: Side
        public var phase: String
        public var step: String?

        public init(_ side: Side, phase: String, step: String? = nil) {
            (self.side, self.phase, self.step) = (side, phase, step)
        }
    }

    public enum Side: String, Hashable, Sendable, Codable { case before, after }

    /// Whose commands they are.
    public enum Place: String, CaseIterable, Hashable, Sendable, Codable {
        /// The cluster's: with its context, where it is reached.
        case cluster
        /// Its management cluster's.
        case management
        /// Nobody's: on the coordinator's host.
        case local
    }

    /// Asks whether the step is done.
    public struct Question: Hashable, Sendable, Codable {
        public var source: Source
        /// A jq program that says so of the answer; `nil` when any answer means yes.
        public var expect: String?

        public init(_ source: Source, expect: String? = nil) {
            (self.source, self.expect) = (source, expect)
        }
    }

    public enum Source: Hashable, Sendable, Codable {
        /// An API path, read with GET.
        case path(String)
        /// A command that changes nothing.
        case command([String], stdin: String?)
    }

    /// A command that changes something.
    public struct Action: Hashable, Sendable, Codable {
        public var argv: [String]
        public var stdin: String?
        public var deadline: Duration

        public init(_ argv: [String], stdin: String? = nil, deadline: Duration = .seconds(60)) {
            (self.argv, self.stdin, self.deadline) = (argv, stdin, deadline)
        }
    }
}

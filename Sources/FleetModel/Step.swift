/// One step of a runbook on one cluster: how to see whether it is needed, how
/// to do it, and how to tell that it worked.
///
/// A step is a pure function of what was read. The runner turns it like this:
///
/// ```
///   observe ──needs──▶ read more ──▶ observe
///      │
///      ├─ done ───────▶ succeeded
///      ├─ notDone ────▶ act, once ──▶ observe
///      ├─ partial ────▶ wait a poll ─▶ observe
///      ├─ settling ───▶ hold, then note the item as settled ─▶ observe
///      └─ failed ─────▶ remedy, where there is one ─▶ failed
/// ```
///
/// State is therefore always derived from the cluster, and a step that was cut
/// off anywhere carries on where the cluster stands.
public struct Step: Sendable {
    public let outline: StepOutline
    /// How long the step may take from its first observation.
    public let timeout: Duration
    /// How long to wait between two observations.
    public let poll: Duration
    /// How long readings may fail in a row before the attempt does: an API server
    /// that restarts is away for half a minute.
    public let outage: Duration
    /// How much longer than ``timeout`` it may take while something is being watched.
    public let hold: Duration
    /// Which cluster's objects the step edits. Edits of one management cluster
    /// are made one at a time.
    public let edits: Target
    public let observe: @Sendable (StepContext) -> Observation
    /// What to run now that `observe` said not done. Never asked otherwise.
    public let act: @Sendable (StepContext) -> [Command]
    /// What to remember of the cluster as it was before the attempt changed anything.
    public let baseline: @Sendable (StepContext) -> (any StepBaseline)?
    /// The same again from its text, which an earlier attempt may have left.
    public let recall: @Sendable (String) throws(UnreadableBaseline) -> any StepBaseline
    /// What to do once `observe` has said failed. Never asked otherwise.
    public let remedy: @Sendable (StepContext) -> Remedy?
    /// Made when somebody asks: that of the preflight goes by those of all the others.
    public var preview: StepPreview { draft() }
    private let draft: @Sendable () -> StepPreview

    public init(
        _ outline: StepOutline, timeout: Duration, poll: Duration = .seconds(3),
        outage: Duration = .seconds(30), hold: Duration = .zero, edits: Target = .cluster,
        preview: @autoclosure @escaping @Sendable () -> StepPreview,
        observe: @escaping @Sendable (StepContext) -> Observation,
        act: @escaping @Sendable (StepContext) -> [Command] = { _ in [] },
        baseline: @escaping @Sendable (StepContext) -> (any StepBaseline)? = { _ in nil },
        recall: @escaping @Sendable (String) throws(UnreadableBaseline) -> any StepBaseline = {
            _ throws(UnreadableBaseline) in throw UnreadableBaseline("the step remembers nothing")
        },
        remedy: @escaping @Sendable (StepContext) -> Remedy? = { _ in nil }
    ) {
        self.outline = outline
        self.timeout = timeout
        self.poll = poll
        self.outage = outage
        self.hold = hold
        self.edits = edits
        draft = preview
        self.observe = observe
        self.act = act
        self.baseline = baseline
        self.recall = recall
        self.remedy = remedy
    }
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

/// Which of the two clusters a takeover touches.
public enum Target: String, Hashable, Sendable, Codable {
    case cluster
    case management
}

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
    case attempt(Command)
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

/// Everything a step may base its answer on.
public struct StepContext: Sendable {
    public var readings: [Reading: ReadResult]
    /// Items that have held long enough in this attempt, since it last changed something.
    public var settled: Set<String>
    /// Whether this attempt has run a mutating command.
    public var hasActed: Bool
    /// What the step remembered right before the first of them, or what an earlier attempt did
    /// that was never judged; `nil` when there is neither, or the step remembers nothing.
    public var baseline: (any StepBaseline)?
    /// The commands that this attempt ran last, and with success: what a step may look at
    /// alone while they take effect.
    public var lastRun: [Command]
    public var now: Timestamp

    public init(
        readings: [Reading: ReadResult] = [:], settled: Set<String> = [], hasActed: Bool = false,
        baseline: (any StepBaseline)? = nil, lastRun: [Command] = [], now: Timestamp
    ) {
        self.readings = readings
        self.settled = settled
        self.hasActed = hasActed
        self.baseline = baseline
        self.lastRun = lastRun
        self.now = now
    }

    public subscript(reading: Reading) -> ReadResult? { readings[reading] }
}

/// What `plan --explain` shows of a step, without touching any cluster.
public struct StepPreview: Hashable, Sendable {
    /// What is read to see whether the step is needed.
    public var reads: [Reading]
    /// The commands as they would run. What only the cluster knows stands
    /// between angle brackets, such as `<resourceVersion>`.
    public var acts: [Command]
    /// What may be run for a cluster once the step has failed on it.
    public var remedies: [Command]
    /// What would prove that the step worked.
    public var proof: String
    /// What must be of the cluster afterwards as it was before, in a word or two each.
    public var keeps: [String]
    /// The commands that would undo the step, while that is possible.
    public var compensation: [Command]

    public init(
        reads: [Reading] = [], acts: [Command] = [], remedies: [Command] = [], proof: String,
        keeps: [String] = [], compensation: [Command] = []
    ) {
        self.reads = reads
        self.acts = acts
        self.remedies = remedies
        self.proof = proof
        self.keeps = keeps
        self.compensation = compensation
    }
}

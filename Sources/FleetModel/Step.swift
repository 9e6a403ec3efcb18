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
    /// What it found that somebody has answered for, asked once its attempt has seen the end.
    public let waived: @Sendable (StepContext) -> [WaivedFinding]
    /// What it holds while it waits; `nil` when that is nothing.
    public var upkeep: Upkeep?
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
        remedy: @escaping @Sendable (StepContext) -> Remedy? = { _ in nil },
        waived: @escaping @Sendable (StepContext) -> [WaivedFinding] = { _ in [] },
        upkeep: Upkeep? = nil
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
        self.waived = waived
        self.upkeep = upkeep
    }
}

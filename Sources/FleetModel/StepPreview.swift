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

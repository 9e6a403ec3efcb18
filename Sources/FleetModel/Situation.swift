/// The one cluster a runbook's steps are made for, and in whose name they act.
public struct Situation: Hashable, Sendable {
    public let takeover: Takeover
    public let cluster: Cluster
    /// The management cluster that lists ``cluster``, if it has one.
    public let management: Cluster?
    public let run: RunID
    /// The epoch of the coordinator; a cluster whose lease carries a higher one is not ours.
    public let epoch: Int

    public init(
        takeover: Takeover, cluster: Cluster, management: Cluster?, run: RunID, epoch: Int
    ) {
        self.takeover = takeover
        self.cluster = cluster
        self.management = management
        self.run = run
        self.epoch = epoch
    }
}

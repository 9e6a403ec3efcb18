/// What a lab is made of.
public struct LabConfiguration: Hashable, Sendable {
    /// Which takeover the clusters are for.
    public var kind = LabKind.gloo
    /// The version of Big Bang in them, if they are for that: `2.50.0`, `2.54.0`.
    public var bigBang = "2.54.0"
    /// How many workload clusters there are: `edge-01` and on. At most 999.
    public var clusters: Int
    /// How many management clusters they are registered with in turn: `mgmt-1` and on.
    public var management: Int
    /// What every uid, name and delay follows from.
    public var seed: UInt64
    /// Seconds of lab time for each second of the world.
    public var speed: Double
    /// The address it is served on. The lab asks nobody for a password: anything but
    /// loopback gives it to the neighbours.
    public var host = "127.0.0.1"
    /// The port there; zero takes any that is free.
    public var port: Int
    public var pace: WorldPace
    /// Clusters of a real fleet that the lab plays instead of making up its own, the
    /// management clusters first.
    public var played: [LabCluster] = []
    /// Whether the clusters run only what every takeover must get right, and no more.
    public var isSmall = false
    /// Whether they also run workloads of the kinds that few clusters have: those that replace
    /// no pod by themselves, Argo's Rollouts, and what stands without a Deployment.
    public var hasRareKinds = false

    /// The clusters it is made of, the management clusters first.
    public var fleet: [LabCluster] { LabCluster.all(of: self) }

    public init(
        clusters: Int = 12, management: Int = 2, seed: UInt64 = 1, speed: Double = 1,
        port: Int = 0, pace: WorldPace = WorldPace()
    ) {
        self.clusters = min(max(clusters, 0), 999)
        self.management = min(max(management, 1), 9)
        self.seed = seed
        self.speed = speed.isFinite && speed > 0 ? speed : 1
        self.port = port
        self.pace = pace
    }
}

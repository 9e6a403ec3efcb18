public import FleetModel

/// Decides what a run does next, and does nothing itself.
///
/// The coordinator is a fold over the journal. ``apply(_:at:)`` takes in one
/// fact, ``directives(at:)`` says what follows from all facts so far, and
/// neither touches a clock, a file or a socket. Resuming a run after a crash
/// is therefore not a feature: it is replaying the same facts.
///
/// ```
///              ┌────────── next wave, next phase ──────────┐
///              ▼                                           │
///   ready ──▶ rolling ──▶ soaking ─────────────────────────┤
///                                                          ▼
///   going ──▶ draining ──▶ halted ──▶ going            completed
/// ```
///
/// The two lines run side by side: a halt leaves the first where it stands.
public struct Coordinator: Hashable, Sendable {
    public let plan: Plan
    public internal(set) var stage = Stage.ready(WavePosition(phase: 0, wave: 0))
    public internal(set) var motion = Motion.going
    public internal(set) var startedAt: Timestamp?
    public internal(set) var endedAt: Timestamp?
    /// Why the run was begun, where the operator said so.
    public internal(set) var startReason: String?
    public internal(set) var epoch = 0

    var progress: [ClusterProgress]
    var active: ActiveWave?
    /// For each cluster, its number in the wave at hand.
    var memberNumbers: [Int]
    var approvedWaves: Set<WavePosition> = []
    /// Waves whose clusters need not wait for their windows.
    var wavesWithoutWindows: Set<WavePosition> = []
    /// For each phase, how long those took who came through it.
    var durations: [PhaseDurations]
    /// The first reason to halt that has not been acted on.
    var haltTrigger: Halt?
    /// Failures since the last resume that count against the fleet's budget.
    var fleetFailures = 0
    var pinnedIdentities: [ClusterName: String] = [:]
    /// For each cluster and check, what was last found of it.
    var waivedFindings: [ClusterName: [String: WaivedFinding]] = [:]

    let places: [ClusterName: Int]
    /// For each cluster, the number of its management cluster.
    let management: [Int]
    let managementCount: Int
    let hours: HoursTable

    /// Where a run stands in its plan.
    public enum Stage: Hashable, Sendable, Codable {
        /// The wave is next; `nil` once every wave has passed.
        case ready(WavePosition?)
        case rolling(WavePosition)
        case soaking(WavePosition, until: Timestamp)
        case completed(withExceptions: Bool)
    }

    /// Whether a run is let go on.
    public enum Motion: Hashable, Sendable, Codable {
        case going
        /// No cluster starts; those not at a safe point go on to one.
        case draining(Halt, since: Timestamp)
        /// Everything in flight is being stopped.
        case aborting(by: String, reason: String)
        case halted(Halt)
        case aborted(by: String, reason: String)
    }

    /// `times` are those of the plan's windows, rule by rule.
    public init(
        plan: Plan, times: WindowTimes = .none, replaying entries: [JournalEntry] = []
    ) {
        self.plan = plan
        hours = HoursTable(of: plan, at: times)
        durations = Array(repeating: PhaseDurations(), count: plan.phases.count)
        progress = Array(repeating: ClusterProgress(), count: plan.clusters.count)
        memberNumbers = Array(repeating: 0, count: plan.clusters.count)
        places = Dictionary(
            plan.clusters.enumerated().map { ($1.name, $0) },
            uniquingKeysWith: { first, _ in first })
        let names = plan.managementClusters.map(\.name)
        management = plan.clusters.map { cluster in
            cluster.management.flatMap { names.firstIndex(of: $0) } ?? names.count
        }
        managementCount = names.count + 1
        for cluster in plan.clusters + plan.managementClusters {
            pinnedIdentities[cluster.name] = cluster.identity
        }
        for entry in entries { apply(entry.event, at: entry.time) }
    }

    /// How far a cluster has come.
    public func progress(of cluster: ClusterName) -> ClusterProgress? {
        places[cluster].map { progress[$0] }
    }

    /// The management cluster that lists a cluster, if one does.
    public func management(of cluster: ClusterName) -> ClusterName? {
        places[cluster].flatMap { plan.clusters[$0].management }
    }

    /// The kube-system UID seen at first contact with a cluster.
    public func pinnedIdentity(of cluster: ClusterName) -> String? { pinnedIdentities[cluster] }

    /// Attempts nobody has reported on yet, in the plan's order.
    public var attemptsInFlight: [Attempt] {
        progress.compactMap { if case .inFlight(let attempt) = $0.state { attempt } else { nil } }
    }

    /// Whether nothing more can happen without an operator.
    public var isAtRest: Bool {
        switch (stage, motion) {
        case (.completed, _), (_, .halted), (_, .aborted): true
        default: false
        }
    }
}

public import FleetModel

/// Why no plan can be made of a fleet and a policy.
public enum PlanProblem: OperatorError, Hashable {
    case noClusters(leftOut: Int)
    case noWaves(phase: String)
    case emptyWave(String, phase: String, members: WavePolicy.Members)
    case unknownCluster(ClusterName, wave: String, known: [ClusterName])
    case leftOutCluster(ClusterName, wave: String, reason: String)
    case overlap(ClusterName, wave: String, earlier: String)
    case unplaced([ClusterName], phase: String)
    case concurrency(Amount, wave: String, clusters: Int)
    case tolerance(Amount, wave: String, clusters: Int)
    case totalLoss(Amount, wave: String, clusters: Int)
    case noCanary(phase: String)
    case lateCanary(String, phase: String)
    case canaryTolerates(Amount, wave: String)
    case unknownPhase(String, known: [String])
    case nothingConcurrent(Int)
    case windowForNobody(WindowRule)
    case noWindow([ClusterName], phase: String, needed: Duration, longest: Duration)
    case drainTooShort(Duration, UnitChecks.Unit)
    case progressTooShort(Duration, wave: String, UnitChecks.Unit)

    public var problem: String {
        switch self {
        case .noClusters(let leftOut):
            "the plan has no cluster to change; \(leftOut) were left out"
        case .noWaves(let phase):
            "phase \(phase.quoted) has no waves"
        case .emptyWave(let wave, let phase, let members):
            "wave \(wave.quoted) of phase \(phase.quoted) takes no cluster: \(members.inWords)"
        case .unknownCluster(let cluster, let wave, _):
            "wave \(wave.quoted) names cluster \(cluster.rawValue.quoted), "
                + "which isn't in the inventory"
        case .leftOutCluster(let cluster, let wave, let reason):
            "wave \(wave.quoted) names cluster \(cluster.rawValue.quoted), "
                + "which is left out: \(reason)"
        case .overlap(let cluster, let wave, let earlier):
            "wave \(wave.quoted) names cluster \(cluster.rawValue.quoted), "
                + "which wave \(earlier.quoted) takes already"
        case .unplaced(let clusters, let phase):
            "no wave of phase \(phase.quoted) takes \(clusters.inWords)"
        case .concurrency(let amount, let wave, let clusters):
            "`maxConcurrency` of wave \(wave.quoted) should be between 1 and its "
                + "\(clusters) clusters, got: \(amount)"
        case .tolerance(let amount, let wave, let clusters):
            "`maxFailures` of wave \(wave.quoted) should be between 0 and its "
                + "\(clusters) clusters, got: \(amount)"
        case .totalLoss(let amount, let wave, let clusters):
            "`maxFailures` of wave \(wave.quoted) lets all \(clusters) clusters fail: \(amount)"
        case .noCanary(let phase):
            "phase \(phase.quoted) has no canary wave"
        case .lateCanary(let wave, let phase):
            "canary wave \(wave.quoted) isn't the first wave of phase \(phase.quoted)"
        case .canaryTolerates(let amount, let wave):
            "canary wave \(wave.quoted) tolerates failures: \(amount)"
        case .unknownPhase(let phase, _):
            "the policy speaks of phase \(phase.quoted), which the runbook lacks"
        case .nothingConcurrent(let amount):
            "`maxConcurrency` should be at least 1, got: \(amount)"
        case .windowForNobody(let rule):
            "the window \("\(rule)".quoted) is about no cluster of the plan"
        case .noWindow(let clusters, let phase, _, .zero):
            "no window ever opens for phase \(phase.quoted) of \(clusters.inWords)"
        case .noWindow(let clusters, let phase, let needed, let longest):
            "no window for phase \(phase.quoted) of \(clusters.inWords) is long enough: "
                + "\(longest.short) at most, and \(needed.short) are needed"
        case .drainTooShort(let given, let unit):
            "`drainDeadline` should be at least \(unit.length.short), got: \(given.short); so long "
                + "a cluster may take \(unit.words)"
        case .progressTooShort(let given, let wave, let unit):
            "`progressDeadline` of wave \(wave.quoted) should be at least \(unit.length.short), "
                + "got: \(given.short); so long a cluster may take \(unit.words)"
        }
    }

    public var hint: String? {
        switch self {
        case .noClusters: "look at `clusters:` of the policy and at `hold:` in the inventory"
        case .noWaves: "give the policy `waves: [1, 10%, rest]`"
        case .emptyWave, .leftOutCluster: "remove the wave, or change what it selects"
        case .unknownCluster(_, _, let known): nearestHint(known)
        case .overlap: "name the cluster in one of them only"
        case .unplaced: "end with a wave of `clusters: rest`, or set `unplaced: ignore`"
        case .concurrency(.count(let count), _, let clusters) where count > clusters:
            "write `100%` to change all of them at once"
        case .concurrency: "to hold a wave back, give it a gate"
        case .tolerance: nil
        case .totalLoss: "set `allowTotalLoss: true` if that is meant"
        case .noCanary:
            "mark the first wave `canary: true`, or pass `--no-canary --reason TEXT`"
        case .lateCanary: "put it first"
        case .canaryTolerates: "a canary's `maxFailures` is 0"
        case .unknownPhase(_, let known): "it has \(known.joined(separator: ", "))"
        case .nothingConcurrent: nil
        case .windowForNobody:
            "change its `clusters`: whom no `allow` is about may begin at any time"
        case .noWindow(_, _, _, .zero): "look at `windows` of the policy: `deny` wins over `allow`"
        case .drainTooShort:
            "a halt stops what has not come through by then, and leaves it in doubt"
        case .progressTooShort:
            "it counts all steps of the phase: leave time for the others, too"
        case .noWindow:
            "shorten the wave's `progressDeadline`, which with `margin` has to fit, or widen it"
        }
    }
}

/// Everything that keeps a plan from being made, found in one go.
public struct PlanProblems: OperatorError, Hashable {
    public let problems: [PlanProblem]

    /// Phases that share their waves share their problems, which are told once.
    init(_ problems: [PlanProblem]) {
        var seen: Set<PlanProblem> = []
        self.problems = problems.filter { seen.insert($0).inserted }
    }

    public var problem: String { problems.first?.problem ?? "" }
    public var description: String { problems.map(\.description).joined(separator: "\n\n") }
}

private func nearestHint(_ known: [ClusterName]) -> String? {
    guard !known.isEmpty else { return nil }
    return "the inventory has \(known.map(\.rawValue).summary)"
}

extension [ClusterName] {
    fileprivate var inWords: String {
        map(\.rawValue).summary
    }
}

extension WavePolicy.Members {
    fileprivate var inWords: String {
        switch self {
        case .named(let names): "it names \(names.count) clusters"
        case .matching(let selector): "no cluster is left that matches \(selector)"
        case .size(let amount): "its size is \(amount) and no cluster is left"
        case .rest: "no cluster is left"
        }
    }
}

extension UnitChecks.Unit {
    /// Which steps they are, to end a clause with.
    public var words: String {
        "from `\(first)` to `\(last)` of phase \(phase.quoted), where nobody should leave it"
    }
}

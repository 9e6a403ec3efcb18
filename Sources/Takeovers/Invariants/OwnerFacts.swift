import FleetModel

/// How the pods of one owner are, in numbers.
struct OwnerFacts: Hashable, Sendable {
    /// Pods that stay, with a proxy and without.
    var proxied = 0
    var bare = 0
    /// Those of them that are ready.
    var ready = 0
    /// How many there ought to be; `nil` when nothing of the owner's says.
    var wanted: Int?
    var isRolling = false
    /// Why pods of it do not run.
    var troubles: [String] = []

    var staying: Int { proxied + bare }

    static let readings: [Reading] = .paths(Workloads.paths + [APIPath.namespaces])

    /// Every owner that has pods, or ought to have.
    ///
    /// Jobs end by themselves, and what we made for a test goes again.
    static func all(_ view: ClusterView) throws(Pause) -> [OwnerReference: OwnerFacts] {
        let ours = Set(
            try view.list(APIPath.namespaces)
                .filter { $0.annotations[TestWorkload.creatorAnnotation] != nil }.map(\.name))
        var facts: [OwnerReference: OwnerFacts] = [:]
        let workloads = try Workloads(view)
        for (owner, object) in workloads.objects {
            facts[owner] = OwnerFacts(object, kind: owner.kind)
        }
        for workload in workloads.all where workload.owner.kind != "Job" {
            facts[workload.owner, default: OwnerFacts()].count(workload.pods)
        }
        return facts.filter { !ours.contains($0.key.namespace) }
    }

    init() {}

    private init(_ object: JSON, kind: String) {
        wanted =
            kind == "DaemonSet"
            ? object.status["desiredNumberScheduled"]?.int ?? 0
            : object.spec["replicas"]?.int ?? 1
        if case .waiting = Rollout(of: object, kind: kind) { isRolling = true }
    }

    private mutating func count(_ pods: [Pod]) {
        let staying = pods.filter { !$0.isTerminating }
        proxied = staying.count { $0.proxy != nil }
        bare = staying.count - proxied
        ready = staying.count(where: \.isReady)
        troubles = Set(staying.flatMap(\.waitingReasons)).sorted()
    }
}

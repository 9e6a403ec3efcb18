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

// MARK: - As they are kept

extension OwnerFacts {
    /// Two invariants look at the same owners, so one part is enough for both.
    static let part = "owners"

    /// Pods with a proxy, without, and ready, by namespace, kind and name. Nothing is ever held
    /// against anybody about owners without proxies, so these are left out.
    static func kept(_ owners: [OwnerReference: OwnerFacts]) -> JSON {
        var kept: [String: [String: [String: JSON]]] = [:]
        for (owner, facts) in owners where facts.proxied > 0 {
            kept[owner.namespace, default: [:]][owner.kind, default: [:]][owner.name] = facts.kept
        }
        return .object(kept.mapValues { .object($0.mapValues(JSON.object)) })
    }

    private var kept: JSON { .array([proxied, bare, ready].map { .int(Int64($0)) }) }

    static func all(kept: JSON) -> [OwnerReference: OwnerFacts]? {
        guard let namespaces = kept.object else { return nil }
        var owners: [OwnerReference: OwnerFacts] = [:]
        for (namespace, kinds) in namespaces {
            guard let kinds = kinds.object else { return nil }
            for (kind, names) in kinds {
                guard let names = names.object else { return nil }
                for (name, numbers) in names {
                    guard let facts = OwnerFacts(kept: numbers) else { return nil }
                    owners[OwnerReference(kind: kind, namespace: namespace, name: name)] = facts
                }
            }
        }
        return owners
    }

    private init?(kept: JSON) {
        let numbers = (kept.array ?? []).compactMap(\.int)
        guard kept.array?.count == 3, numbers.count == 3,
            numbers.allSatisfy((0...Self.mostPods).contains)
        else { return nil }
        (proxied, bare, ready) = (numbers[0], numbers[1], numbers[2])
    }

    /// More pods than any cluster has; Kubernetes ends at 150,000.
    private static let mostPods = 10_000_000
}

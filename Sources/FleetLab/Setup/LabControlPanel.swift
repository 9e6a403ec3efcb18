import FleetModel

/// Answers `lab status`, `lab break` and `lab mend`.
struct LabControlPanel: LabControl {
    let fleet: LabFleet
    let clock: any LabClock

    func status() async -> JSON {
        let now = clock.now
        let surveys = fleet.clusters.compactMap { cluster in
            fleet.worlds[cluster.name].map {
                LabSurvey(cluster: cluster, store: $0.store, faults: $0.faults.all)
                    .document(at: now)
            }
        }
        return [
            "time": .string(now.timestamp), "speed": .double(fleet.configuration.speed),
            "clusters": .array(surveys),
        ]
    }

    /// The document is `{"fault": NAME, "parameters": {…}, "after": SECONDS, "for": SECONDS}`,
    /// of which only the name is needed; the seconds are the lab's.
    func breakCluster(_ cluster: String, _ fault: JSON) async throws(StatusError) -> JSON {
        let world = try world(of: cluster)
        guard let name = fault["fault"]?.string else {
            throw .badRequest("the document names no fault")
        }
        let broken = try LabFault(
            name: name, parameters: Self.parameters(fault["parameters"]),
            firstWorkload: Self.firstWorkload(in: world.store))
        let start = clock.now + (fault["after"]?.int ?? 0)
        var end = fault["for"]?.int.map { start + $0 }
        if case .glooUnhealthy(let seconds) = broken, end == nil { end = start + seconds }
        world.faults.add(ScheduledFault(fault: broken, start: start, end: end))
        world.advance(to: clock.now)
        return document(of: world)
    }

    func mendCluster(_ cluster: String, _ fault: String?) async throws(StatusError) -> JSON {
        let world = try world(of: cluster)
        if let fault, !world.faults.all.contains(where: { $0.fault.name == fault }) {
            let names = world.faults.all.map(\.fault.name)
            let has =
                names.isEmpty ? "nothing is broken" : "it has \(names.joined(separator: ", "))"
            throw Self.unknown("cluster \(cluster.quoted) has no fault \(fault.quoted); \(has)")
        }
        world.faults.remove(fault)
        world.advance(to: clock.now)
        return document(of: world)
    }

    private func world(of cluster: String) throws(StatusError) -> ClusterWorld {
        guard let world = fleet.worlds[cluster] else {
            let names = fleet.clusters.map(\.name)
            let known = names.prefix(Self.namesTold).joined(separator: ", ")
            throw Self.unknown(
                "the lab has no cluster \(cluster.quoted); it has \(known)"
                    + (names.count > Self.namesTold ? ", …" : ""))
        }
        return world
    }

    private static func unknown(_ message: String) -> StatusError {
        StatusError(code: 404, reason: "NotFound", message: message)
    }

    /// Enough to see how they are called; `lab status` has them all.
    private static let namesTold = 8

    private func document(of world: ClusterWorld) -> JSON {
        ["faults": .array(world.faults.all.map { $0.document(at: clock.now) })]
    }

    private static func parameters(_ document: JSON?) -> [String: String] {
        (document?.object ?? [:]).mapValues { $0.string ?? $0.description }
    }

    /// The first Deployment of a namespace with sidecars, which most faults are about. A
    /// namespace may ask for them by the name of a revision or a tag.
    private static func firstWorkload(in store: ClusterStore) -> String? {
        let spaces = Set(
            store.list("namespaces").filter {
                $0.labels["istio-injection"] == "enabled" || $0.labels["istio.io/rev"] != nil
            }.map(\.name))
        return store.list("deployments.apps").first {
            spaces.contains($0.namespace) && $0.count("spec", "replicas") > 0
        }.map { "\($0.namespace)/\($0.name)" }
    }
}

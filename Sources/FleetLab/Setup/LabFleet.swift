public import FleetModel

/// The clusters of a lab, settled and ready to be served or led by hand.
public final class LabFleet: Sendable {
    public let configuration: LabConfiguration
    public let clusters: [LabCluster]
    let worlds: [String: ClusterWorld]
    /// The worlds in the order of `clusters`.
    let ordered: [ClusterWorld]

    /// Builds the clusters and lets them come to rest.
    ///
    /// - Parameters:
    ///   - configuration: how many there are, and what they follow from.
    ///   - clock: what they live by once they rest.
    /// - Throws: what a store refused to take; a bug of the lab.
    public init(
        _ configuration: LabConfiguration, clock: any LabClock
    ) async throws(StatusError) {
        self.configuration = configuration
        let clusters = LabCluster.all(of: configuration)
        self.clusters = clusters
        var worlds: [String: ClusterWorld] = [:]
        for cluster in clusters where cluster.isManagement {
            let registered = clusters.filter { $0.management == cluster.name }
                .map(\.registeredName).filter { NameRules.isSubdomain($0) }
            worlds[cluster.name] = try LabBuilder(configuration, clock)
                .management(cluster, registered: registered)
        }
        let managers = worlds
        let workloads = clusters.filter { !$0.isManagement }
        let built = await withTaskGroup(of: (String, Result<ClusterWorld, StatusError>).self) {
            group in
            for cluster in workloads {
                let manager = cluster.management.flatMap { managers[$0]?.store }
                group.addTask {
                    let world = Result { () throws(StatusError) in
                        try LabBuilder(configuration, clock).workload(cluster, management: manager)
                    }
                    return (cluster.name, world)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (name, world) in built { worlds[name] = try world.get() }
        self.worlds = worlds
        let complete = worlds
        ordered = clusters.compactMap { complete[$0.name] }
    }

    /// The store of a cluster; `nil` when there is none of that name.
    public func store(_ cluster: String) -> ClusterStore? { worlds[cluster]?.store }

    /// What a cluster's API server answers to a GET of a path; `nil` where there is nothing.
    public func get(_ path: String, of cluster: String) -> JSON? {
        guard let store = store(cluster) else { return nil }
        let answer = APIServer(store: store).respond(to: APIRequest(method: "GET", target: path))
        guard answer.code == 200, case .bytes(let bytes) = answer.body else { return nil }
        return JSON(parsing: bytes)
    }

    public var stores: [String: ClusterStore] { worlds.mapValues(\.store) }

    /// Lets everything happen that is due in any cluster.
    ///
    /// Clusters depend on each other, so they are asked until all are at rest.
    /// - Returns: when something will be due if nothing changes before; `nil` if never.
    @discardableResult
    public func advance(to now: LabTime) -> LabTime? {
        var due: [LabTime] = []
        for _ in 0..<Self.mostRounds {
            due = ordered.compactMap { $0.advance(to: now) }
            if !ordered.contains(where: \.hasNews) { break }
        }
        return due.min()
    }

    /// More than any chain of clusters that wake each other.
    private static let mostRounds = 50
}

public import FleetModel

/// One cluster of the lab: who it is, before anything runs in it.
public struct LabCluster: Hashable, Sendable {
    public var name: String
    /// Whether it is a management cluster.
    public var isManagement: Bool
    /// The management cluster it is registered with, if it is with any.
    public var management: String?
    /// What that one calls it.
    public var registeredName: String
    public var region: String
    public var labels: [String: String]
    var seed: UInt64
    /// What it has to look like; `nil` for one as the lab makes them up.
    var survey: ClusterSurvey?
    /// What it begins with; `nil` for one that the lab makes up.
    var recording: Recording?

    /// A cluster that plays one of a real fleet: a management cluster, or a workload cluster
    /// that looks like its survey.
    public init(
        playing cluster: Cluster, survey: ClusterSurvey?, seed: UInt64 = 1
    ) {
        name = cluster.name.rawValue
        isManagement = survey == nil
        management = cluster.management?.rawValue
        registeredName = cluster.registeredName
        region = cluster.region.map(Self.word) ?? Self.regions[0]
        labels = cluster.labels
        self.seed = seed ^ Chance.hash(name)
        self.survey = survey
    }

    /// A cluster that begins as it was recorded; without a recording an empty one.
    init(
        recorded recording: Recording?, name: String, management: String?, seed: UInt64,
        isCanary: Bool = false
    ) {
        self.init(
            name: name, management: management, region: Self.regions[0],
            labels: isCanary ? ["canary": "true"] : [:], seed: seed ^ Chance.hash(name))
        self.recording = recording
    }

    /// The name in the form that Kubernetes wants of its own, for nodes.
    var hostName: String { Self.word(name) }

    /// Inventories are freer with names than Kubernetes is.
    private static func word(_ text: String) -> String {
        let plain = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let inner = String(plain.prefix(50)).drop { $0 == "-" }.reversed().drop { $0 == "-" }
        return inner.isEmpty ? "cluster" : String(inner.reversed())
    }

    private init(
        name: String, management: String?, region: String, labels: [String: String], seed: UInt64
    ) {
        (self.name, registeredName) = (name, name)
        (self.management, isManagement) = (management, management == nil)
        (self.region, self.labels, self.seed) = (region, labels, seed)
    }

    private static let regions = ["eu-west", "eu-central", "us-east"]

    /// The clusters of a lab, the management clusters first.
    static func all(of configuration: LabConfiguration) -> [LabCluster] {
        guard configuration.played.isEmpty else { return configuration.played }
        let managers = (1...configuration.management).map { "mgmt-\($0)" }
        let leading = managers.enumerated().map { index, name in
            make(name, management: nil, index: index, configuration, extra: [:])
        }
        guard configuration.clusters > 0 else { return leading }
        let workloads = (1...configuration.clusters).map { number in
            let digits = String(number)
            let padding = String(repeating: "0", count: max(0, 2 - digits.count))
            return make(
                "edge-\(padding)\(digits)",
                management: managers[(number - 1) % managers.count], index: number - 1,
                configuration, extra: number == 1 ? ["canary": "true"] : [:])
        }
        return leading + workloads
    }

    private static func make(
        _ name: String, management: String?, index: Int, _ configuration: LabConfiguration,
        extra: [String: String]
    ) -> LabCluster {
        let region = regions[index % regions.count]
        let labels = [
            "region": region, "environment": "production",
            "tier": management == nil ? "management" : "edge",
        ]
        return LabCluster(
            name: name, management: management, region: region,
            labels: labels.merging(extra) { $1 },
            seed: configuration.seed ^ Chance.hash(name))
    }
}

/// One cluster of the lab: who it is, before anything runs in it.
public struct LabCluster: Hashable, Sendable {
    public var name: String
    /// The management cluster it is registered with; nil for one of those itself.
    public var management: String?
    public var region: String
    public var labels: [String: String]
    var seed: UInt64

    private static let regions = ["eu-west", "eu-central", "us-east"]

    /// The clusters of a lab, the management clusters first.
    static func all(of configuration: LabConfiguration) -> [LabCluster] {
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

import FleetModel

/// What a runbook knows of gateways whose clients have to be led to another address.
protocol AddressSource: Sendable {
    var move: Move { get }
    var settings: AddressSettings { get }
    /// Namespace of the ConfigMap that the records are written to.
    var namespace: String { get }
    var readings: [Reading] { get }
    /// Whether the old gateways go on serving, so that clients may be given their time.
    var keepsOldGateways: Bool { get }

    /// In any order.
    func changes(_ view: ClusterView) throws(Pause) -> [AddressChange]
}

/// One name that has to lead elsewhere.
struct AddressChange: Hashable, Sendable {
    /// The name, or words between angle brackets where the cluster does not tell.
    let host: String
    /// `nil` when nobody knows any more.
    let old: String?
    let new: String

    /// A line for whoever keeps the records.
    func record(_ settings: AddressSettings) -> String {
        "\(host) \(new.recordType) \(old ?? "nothing known") -> \(new) "
            + "TTL \(settings.timeToLive.short)"
    }

    /// The same the other way round.
    var reversed: AddressChange? { old.map { AddressChange(host: host, old: new, new: $0) } }
}

extension String {
    /// The type of record that leads to an address.
    var recordType: String {
        if contains(":") { return "AAAA" }
        let isAddress = split(separator: ".").allSatisfy { UInt8($0) != nil }
        return isAddress ? "A" : "CNAME"
    }
}

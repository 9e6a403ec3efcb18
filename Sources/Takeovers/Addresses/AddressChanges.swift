import FleetModel

/// What has to change in DNS: the new gateways have addresses of their own.
struct AddressChanges: Sendable {
    let all: [AddressChange]
    private let source: any AddressSource

    static let mapName = "fleet-istio-migration-dns"
    static let answer = "bellwether/dns"

    static func readings(_ source: any AddressSource) -> [Reading] {
        source.readings + [.path(mapPath(source), on: .cluster)]
    }

    private static func mapPath(_ source: any AddressSource) -> String {
        APIPath.configMap(mapName, in: source.namespace)
    }

    init(_ source: any AddressSource, _ view: ClusterView) throws(Pause) {
        try view.require(Self.readings(source))
        self.init(try source.changes(view), of: source)
    }

    private init(_ changes: [AddressChange], of source: any AddressSource) {
        all = changes.sorted { ($0.host, $0.new) < ($1.host, $1.new) }
        self.source = source
    }

    /// As `--explain` shows it.
    static func example(_ source: any AddressSource) -> AddressChanges {
        let change = AddressChange(host: "<host>", old: "<old address>", new: "<new address>")
        return AddressChanges([change], of: source)
    }

    /// One line each: host, type, old and new value, and for how long the old one is kept.
    var records: [String] { all.map { $0.record(source.settings) } }

    /// Whether an operator has said of these that clients find the new addresses. That others
    /// were among them, whose gateway is gone by now, takes nothing from it.
    func isAcknowledged(_ view: ClusterView) throws(Pause) -> Bool {
        guard try isPublished(view), let map = try map(view) else { return false }
        return map.annotations[Self.answer] == "done"
    }

    func isPublished(_ view: ClusterView) throws(Pause) -> Bool {
        let text = try map(view)?[path: ["data", "records"]]?.string ?? ""
        return Set(text.split(separator: "\n").map(String.init)).isSuperset(of: records)
    }

    private func map(_ view: ClusterView) throws(Pause) -> JSON? {
        try view.object(Self.mapPath(source))
    }

    /// Other records than before take the answer that was given to those away.
    var publication: Command {
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": .string(Self.mapName), "namespace": .string(source.namespace),
                "annotations": [Self.answer: "asked"],
            ],
            "data": ["records": .string(records.joined(separator: "\n"))],
        ]
        return source.move.kubectl.change(
            ["apply", "--server-side", "--force-conflicts", "-f", "-"], stdin: map.description,
            purpose: "write down which DNS records have to change")
    }

    /// What an operator types once clients find the new addresses, or a command of theirs runs.
    static func acknowledgement(_ source: any AddressSource) -> String {
        Command(
            source.move.situation.cluster.kubectl([
                "-n", source.namespace, "annotate", "--overwrite", "configmap", mapName,
                "\(answer)=done",
            ]), isMutating: true
        ).shellLine
    }
}

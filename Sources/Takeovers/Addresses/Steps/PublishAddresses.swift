import FleetModel

/// Writes down which DNS records have to change (B10, G13).
struct PublishAddresses: StepRecipe {
    static let outline = StepOutline(
        "publish-addresses", title: "write down which DNS records have to change")
    let source: any AddressSource
    /// Gateways that have to serve before anybody is led to them.
    var gateways: [NewGateway] = []

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))
    var lock: WriterLock? { source.move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let changes = try AddressChanges(source, view)
        guard !changes.all.isEmpty else { return .done(Self.nothing) }
        if let lack = try GatewayHealth(source.move).lack(of: gateways, view) {
            return .partial("not before the new gateways are well: \(lack)")
        }
        let words = changes.records.joined(separator: "; ")
        return try changes.isPublished(view) ? .done(words) : .notDone(words)
    }

    static let nothing = "no client has to be led to another address"

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [try AddressChanges(source, view).publication]
    }

    var preview: StepPreview {
        StepPreview(
            reads: AddressChanges.readings(source),
            acts: [AddressChanges.example(source).publication],
            proof: "ConfigMap \(source.namespace)/\(AddressChanges.mapName) has a line "
                + "for each host: type, old and new address, and how long the old one is kept")
    }
}

import FleetModel

/// Writes down which DNS records have to change (B10).
struct PublishAddresses: StepRecipe {
    static let outline = StepOutline(
        "publish-addresses", title: "write down which DNS records have to change")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(5))
    var lock: WriterLock? { bigBang.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let changes = try AddressChanges(view)
        guard !changes.records.isEmpty else { return .done("every gateway has its old address") }
        let words = changes.records.joined(separator: "; ")
        return try changes.isPublished(view) ? .done(words) : .notDone(words)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [try AddressChanges(view).publication(bigBang.kubectl)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: AddressChanges.readings,
            acts: [AddressChanges.example.publication(bigBang.kubectl)],
            proof: "ConfigMap \(BigBangPackages.namespace)/\(AddressChanges.mapName) has a line "
                + "for each host: type, old and new address")
    }
}

import FleetModel

/// Waits until an operator says that clients find the new addresses (B10).
///
/// It comes after the restarts: they don't need it, and old proxies shouldn't wait for it.
struct AwaitDNS: StepRecipe {
    static let outline = StepOutline(
        "await-dns", title: "wait until clients find the new addresses")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    var patience: Patience {
        Patience(
            timeout: bigBang.settings.timeToLive * 2 + .minutes(10), poll: .seconds(15))
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let changes = try AddressChanges(view)
        guard !changes.records.isEmpty else { return .done("every gateway has its old address") }
        let count = changes.records.count
        if bigBang.settings.leavesDNSAlone {
            return .done("somebody else changes \(count) records")
        }
        if try changes.isAcknowledged(view) { return .done("\(count) records were changed") }
        let words = AddressChanges.acknowledgement(bigBang.move.situation.cluster)
        return .partial("once \(count) records are changed, run `\(words)`")
    }

    var preview: StepPreview {
        StepPreview(
            reads: AddressChanges.readings,
            proof: bigBang.settings.leavesDNSAlone
                ? "somebody else leads clients over"
                : "an operator has run "
                    + "`\(AddressChanges.acknowledgement(bigBang.move.situation.cluster))`")
    }
}

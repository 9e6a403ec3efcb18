import FleetModel

/// Sees that users are served where their names lead them (B10).
///
/// From step 1 until the records have changed a name leads to a gateway that is gone, so probes
/// that name no gateway are left out until here.
struct CheckRequests: StepRecipe {
    static let outline = StepOutline(
        "check-requests", title: "see that users are served where their names lead them")
    let bigBang: BigBangSituation

    var outline: StepOutline { Self.outline }
    /// Whoever asks may keep an old answer for a while, as other clients do.
    var patience: Patience {
        Patience(timeout: addresses.timeToLive * 2 + .minutes(10), poll: .seconds(15))
    }

    private var addresses: AddressSettings { AddressSettings(bigBang.takeover.parameters) }
    private var probes: TrafficProbes { TrafficProbes(bigBang.move) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        guard bigBang.move.settings.hasProbes else { return .done("the takeover has no probes") }
        let look =
            try addresses.leavesDNSAlone
            ? probes.look(throughGateways: view) : probes.look(view)
        if let failure = look.failures.first {
            return .partial("\(failure.url) \(failure.words)")
        }
        return .done("\(look.answers.count) probes are served")
    }

    var preview: StepPreview {
        StepPreview(reads: probes.previewed, proof: "every probe of the takeover is served")
    }
}

import FleetModel

/// What the invariants have to know of the step that they watch over.
struct StepWatch: Sendable {
    let move: Move
    let place: Place
    /// Whether the cluster is one that is left as it is.
    let isSpared: Invariants.Sparing

    init(
        _ move: Move, at place: Place,
        sparing isSpared: @escaping Invariants.Sparing = { _ in false }
    ) {
        (self.move, self.place, self.isSpared) = (move, place, isSpared)
    }

    func excuses(_ exemption: Exemption) -> Bool { place.exemptions.contains(exemption) }

    /// Whether somebody answers for what a check of the preflight finds on this cluster: then
    /// it was so before anything began.
    func isWaived(_ check: String) -> Bool {
        move.situation.cluster.waivers?[check] != nil
    }
}

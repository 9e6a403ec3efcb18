import FleetModel

/// What the invariants have to know of the step that they watch over.
struct StepWatch: Sendable {
    let move: Move
    let place: Place

    init(_ move: Move, at place: Place) { (self.move, self.place) = (move, place) }

    func excuses(_ exemption: Exemption) -> Bool { place.exemptions.contains(exemption) }

    /// Whether somebody answers for what a check of the preflight finds on this cluster: then
    /// it was so before anything began.
    func isWaived(_ check: String) -> Bool {
        move.situation.cluster.waivers?[check] != nil
    }
}

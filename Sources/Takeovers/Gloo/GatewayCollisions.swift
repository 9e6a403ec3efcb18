import FleetModel

/// What would let clients of the old gateways see a new one before its time.
///
/// Nobody sees what is prepared. A gateway of the same name and namespace takes over the old one's
/// Service, and two operators fight over it; a Service that is pinned to no revision leads to
/// the new pods as soon as they are ready, before any test and any approval.
struct GatewayCollisions: Sendable {
    let move: Move
    /// The new gateways that are asked about.
    let gateways: [NewGateway]
    let fronts: [GatewaySwitch.Front]

    init(_ move: Move, gateways: [NewGateway]? = nil, fronts: [GatewaySwitch.Front]) {
        (self.move, self.gateways, self.fronts) = (move, gateways ?? move.gateways, fronts)
    }

    /// One clause each.
    var complaints: [String] { fronts.compactMap(complaint) }

    private func complaint(about front: GatewaySwitch.Front) -> String? {
        // What is pinned to the new revision is of its making, or has been switched.
        guard front.pin != move.revision.rawValue else { return nil }
        let service = front.service
        if gateways.contains(where: { $0.bringsService && $0.isEntered(by: service) }) {
            return "Service \(service.qualifiedName) is the old gateway's, and the new one would "
                + "take it: choose another name or namespace in the manifest"
        }
        guard front.pin == nil, !front.hasNewPods,
            gateways.contains(where: { $0.isSelected(by: service) })
        else { return nil }
        return "Service \(service.qualifiedName) would lead to the new gateway as soon as that is "
            + "ready: have it select the old pods alone, by their label istio.io/rev"
    }

    /// Whether a Service can be switched: it would lead to a new gateway, were it pinned to none.
    func isShared(_ front: GatewaySwitch.Front) -> Bool {
        front.hasNewPods || gateways.contains { $0.isSelected(by: front.service) }
    }
}

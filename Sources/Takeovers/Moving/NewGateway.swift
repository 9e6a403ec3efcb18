import FleetModel

/// A gateway that runs the new revision once a takeover is over.
struct NewGateway: Hashable, Sendable {
    let namespace: String
    let deployment: String
    let service: String
}

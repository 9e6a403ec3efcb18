public import FleetModel

/// What the lab's control endpoint asks of the simulated world.
///
/// `bellwether lab status|break|mend` speak to it over HTTP; the server only routes.
public protocol LabControl: Sendable {
    /// The whole lab as a document for `lab status`.
    func status() async -> JSON

    /// Plays a fault on a cluster, from the document that `lab break` sends.
    ///
    /// - Returns: what is broken on the cluster now.
    func breakCluster(_ cluster: String, _ fault: JSON) async throws(StatusError) -> JSON

    /// Ends a cluster's faults: the named one, or all when there is no name.
    ///
    /// - Returns: what is still broken on the cluster.
    func mendCluster(_ cluster: String, _ fault: String?) async throws(StatusError) -> JSON
}

import FleetModel

/// Makes `oc` commands for one cluster: what kubectl has no verb for.
struct OpenShiftClient: Hashable, Sendable {
    let cluster: Cluster

    /// A command that changes the cluster.
    func change(_ arguments: [String], purpose: String) -> Command {
        Command(
            cluster.oc(arguments), place: cluster.place, deadline: .seconds(60), isMutating: true,
            purpose: purpose)
    }
}

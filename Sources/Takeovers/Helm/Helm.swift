import FleetModel

/// Makes helm commands for one cluster.
struct Helm: Hashable, Sendable {
    let cluster: Cluster

    /// How long helm itself waits for what it made to be well; its `--timeout`.
    static let patience: Duration = .minutes(5)
    /// Helm gets a moment to say why it gave up, before it is stopped.
    static let deadline: Duration = patience + .seconds(60)

    /// A command that changes the cluster, and may wait until it has taken effect.
    func change(
        _ arguments: [String], stdin: String? = nil, waits: Bool, purpose: String
    ) -> Command {
        Command(
            cluster.helm(
                arguments + (waits ? ["--wait"] : [])
                    + ["--timeout", "\(Self.patience.seconds)s"]),
            stdin: stdin,
            place: cluster.place, deadline: Self.deadline, isMutating: true, purpose: purpose)
    }

    /// A command that only asks; its stdout is JSON.
    func ask(_ arguments: [String], purpose: String) -> Reading {
        let command = Command(
            cluster.helm(arguments + ["-o", "json"]), place: cluster.place,
            deadline: .seconds(60), isMutating: false, purpose: purpose)
        return .command(command, on: .cluster)
    }
}

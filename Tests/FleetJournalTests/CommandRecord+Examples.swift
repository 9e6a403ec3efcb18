import FleetModel

extension CommandRecord {
    /// The n-th command of an attempt at a run's first step.
    static func example(
        _ ordinal: Int, of run: RunID, cluster: ClusterName = "edge-01",
        command: Command = Command(["kubectl", "apply"], isMutating: true)
    ) -> CommandRecord {
        let attempt = Attempt(cluster: cluster, phase: 0, step: 0, number: 1)
        return CommandRecord(
            id: attempt.commandID(ordinal, run: run), attempt: attempt, command: command,
            startedAt: minute(Int64(ordinal)))
    }
}

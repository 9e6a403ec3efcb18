public import FleetModel

/// Where the commands of a run are written down, before and after.
public protocol CommandLog: Sendable {
    /// Durable before it returns: the command has not started yet. What must not
    /// be seen is replaced here, by the command's redactions, and in ``finish(_:_:)``.
    /// With it, and as durable, goes what the step remembered before its first command.
    func begin(_ record: CommandRecord, keeping baseline: KeptBaseline?) async throws
    func finish(_ record: CommandRecord, _ result: CommandResult) async throws
    /// Commands on a cluster that began and that nobody has seen end.
    func openRecords(of cluster: ClusterName) async throws -> [CommandRecord]
    /// What an earlier attempt at the same step remembered and nobody has judged by.
    func baseline(before attempt: Attempt) async throws -> KeptBaseline?
    /// The latest words about a cluster, for who asks what it is doing.
    func note(_ words: String, about cluster: ClusterName) async
    /// What a person should know although the step goes on.
    func warn(_ words: String, about cluster: ClusterName) async
}

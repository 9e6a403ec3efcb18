public import FleetModel

/// Where the commands of a run are written down, before and after.
public protocol CommandLog: Sendable {
    /// Durable before it returns: the command has not started yet. What must not
    /// be seen is replaced here, by the command's redactions, and in ``finish(_:_:)``.
    func begin(_ record: CommandRecord) async throws
    func finish(_ record: CommandRecord, _ result: CommandResult) async throws
    /// Commands on a cluster that began and that nobody has seen end.
    func openRecords(of cluster: ClusterName) async throws -> [CommandRecord]
    /// The latest words about a cluster, for who asks what it is doing.
    func note(_ words: String, about cluster: ClusterName) async
}

import FleetModel
import FleetRunner

/// One command on many clusters, some at once, answered in the clusters' order.
struct ExecSession: Sendable {
    let executor: any CommandExecutor
    let tool: ToolCommand
    let isMutating: Bool
    let deadline: Duration
    let maxConcurrency: Int

    /// Tells each answer as soon as it and all before it are there.
    func run(on clusters: [Cluster], tell: (ExecAnswer) -> Void) async {
        let prefix = "exec.\(Timestamp.now.milliseconds)"
        let ask: @Sendable (Int, Cluster) async -> ExecAnswer = {
            await self.ask($1, as: CommandID("\(prefix).\($0)"))
        }
        await clusters.concurrentForEach(atMost: maxConcurrency, ask: ask, tell: tell)
    }

    private func ask(_ cluster: Cluster, as id: CommandID) async -> ExecAnswer {
        let command = tool.command(on: cluster, deadline: deadline, isMutating: isMutating)
        let result = await executor.run(command, id: id)
        await executor.acknowledge(id, at: command.place)
        return ExecAnswer(cluster: cluster, command: command, result: result)
    }
}

/// What one cluster answered.
struct ExecAnswer: Sendable {
    let cluster: Cluster
    let command: Command
    let result: CommandResult
}

extension ExecAnswer {
    /// The answer as one line of JSON.
    var json: String {
        var members: [String: JSON] = [
            "cluster": .string(cluster.name.rawValue),
            "argv": .array(command.argv.map(JSON.string)),
            "ending": .string(result.ending.description),
            "milliseconds": .int(result.duration.inMilliseconds),
            "stdout": .string(result.stdoutText),
            "stderr": .string(result.stderrText),
            "isTruncated": .bool(result.isTruncated),
        ]
        members["bastion"] = cluster.bastion.map { .string($0.rawValue) }
        if !result.killed.isEmpty {
            members["killed"] = .array(result.killed.map(JSON.string))
        }
        if case .exited(let status) = result.ending { members["exit"] = .int(Int64(status)) }
        return JSON.object(members).description
    }
}

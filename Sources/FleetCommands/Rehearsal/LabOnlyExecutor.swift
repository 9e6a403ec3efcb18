import FleetModel
import FleetRunner

/// Runs what is for a cluster of the lab, and refuses whatever else there may be.
///
/// A rehearsal must not reach the real fleet, nor anybody's git, pager or DNS. So a command
/// has to be one of the tools that take a kubeconfig, on this machine, and the kubeconfig one
/// that the rehearsal wrote.
struct LabOnlyExecutor: CommandExecutor {
    let executor: any CommandExecutor
    let kubeconfigs: Set<String>

    init(_ executor: any CommandExecutor, kubeconfigs: Set<String>) {
        (self.executor, self.kubeconfigs) = (executor, kubeconfigs)
    }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        isForLab(command) ? await executor.run(command, id: id) : refusal
    }

    func read(_ command: Command, id: CommandID) async -> CommandResult {
        isForLab(command) ? await executor.read(command, id: id) : refusal
    }

    private var refusal: CommandResult {
        CommandResult(.notStarted("a rehearsal runs nothing but what is for its lab"))
    }

    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        await executor.fate(of: id, at: place)
    }

    func acknowledge(_ id: CommandID, at place: Command.Place) async {
        await executor.acknowledge(id, at: place)
    }

    /// Every call on a cluster begins with the tool, its kubeconfig and the context there.
    private func isForLab(_ command: Command) -> Bool {
        let words = command.argv
        guard command.place == .local, words.count > 4, let tool = ClusterTool(program: words[0])
        else { return false }
        return words[1] == "--kubeconfig" && kubeconfigs.contains(words[2])
            && words[3] == tool.contextFlag && tool.clusterFlag(in: words.dropFirst(5)) == nil
    }
}

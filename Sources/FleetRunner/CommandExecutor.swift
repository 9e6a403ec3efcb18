public import FleetModel

/// Runs commands, here or elsewhere, so that no outcome is ever lost.
///
/// A command that mutates is a *durable job*: it is started at most once under
/// its id, it and its result survive the death of this process, and running it
/// again under the same id finds the job that is there instead of starting
/// another. A command that only reads runs plainly and dies with us.
///
/// Cancelling the task that called ``run(_:id:)`` stops the command: TERM to
/// its whole process group, a grace, then KILL.
public protocol CommandExecutor: Sendable {
    /// Runs a command to its end, or takes up the job already known by that id.
    func run(_ command: Command, id: CommandID) async -> CommandResult

    /// Runs a command that only reads, or answers as it would through a connection that was
    /// kept open. Such an answer may come from a cluster that the context has just ceased to
    /// lead to: who wants to know where a change would go runs the command.
    func read(_ command: Command, id: CommandID) async -> CommandResult

    /// What is known of a mutating command here, without starting anything.
    func fate(of id: CommandID, at place: Command.Place) async -> CommandFate

    /// Says that the result is safely recorded and the job's files may go.
    func acknowledge(_ id: CommandID, at place: Command.Place) async
}

extension CommandExecutor {
    public func read(_ command: Command, id: CommandID) async -> CommandResult {
        await run(command, id: id)
    }
}

/// What became of a durable job.
public enum CommandFate: Hashable, Sendable {
    /// No job of that id was ever started here; starting it is safe.
    case unknown
    case running
    case ended(CommandResult)
    /// It was started, and nothing tells how it ended.
    case lost(String)
    /// Nobody can say now, for its host can't be reached. It may be running.
    case unreachable(String)
}

public import FleetModel
import Foundation

/// Runs commands on this host.
///
/// What only reads runs as our child. What mutates runs as a durable job: see
/// ``CommandExecutor`` for the promise and Docs/Commands.md for how it is kept.
/// Commands run in our working directory.
public struct LocalExecutor: CommandExecutor {
    private let store: JobStore
    private let jobs: DurableJobs
    private let tools: ToolPaths
    private let environment: LocalEnvironment
    private let limits: LocalLimits
    private let clock: any Clock<Duration>
    private let gate: SpawnGate
    private let proxies: KubectlProxies

    /// Opens a directory of jobs, which another executor may have filled.
    ///
    /// The directory is made if need be, and only its owner may enter it.
    /// `shell` runs the supervisors; any POSIX shell does.
    public init(
        jobsDirectory: String, tools: ToolPaths, environment: LocalEnvironment,
        limits: LocalLimits = LocalLimits(), shell: [String] = ["/bin/sh"],
        clock: any Clock<Duration> = ContinuousClock()
    ) throws(LocalExecutorError) {
        precondition(!shell.isEmpty, "A shell needs a program.")
        let directory = try PrivateDirectory.open(jobsDirectory)
        if let spill = limits.spillDirectory { _ = try PrivateDirectory.open(spill) }
        store = JobStore(directory: directory)
        gate = SpawnGate(children: limits.children)
        let launcher = JobLauncher(
            store: store, environment: environment, limits: limits, shell: shell)
        jobs = DurableJobs(
            store: store, launcher: launcher, limits: limits, gate: gate, clock: clock)
        (self.tools, self.environment) = (tools, environment)
        (self.limits, self.clock) = (limits, clock)
        proxies = KubectlProxies(environment: environment, limits: limits, clock: clock)
        do {
            try JobScript.install(at: store.scriptPath)
        } catch {
            throw .directoryUnusable(directory, reason: "\(error.localizedDescription)")
        }
    }

    public func run(_ command: Command, id: CommandID) async -> CommandResult {
        if let objection = objection(to: command, id) {
            return CommandResult(.notStarted(objection))
        }
        let isKnown = command.isMutating && store.facts(of: id) != nil
        guard !Task.isCancelled || isKnown else {
            return CommandResult(.notStarted("it was cancelled before it began"))
        }
        // A job that is there already is taken up even if its tool is gone by now.
        guard let tool = tools.path(of: command.argv[0]) ?? (isKnown ? command.argv[0] : nil) else {
            let words = "\(command.argv[0].quoted) was not found"
            let remedy = ClusterTool.remedy(forMissing: command.argv[0])
            return CommandResult(.notStarted(words + remedy))
        }
        guard !command.isMutating else { return await jobs.run(command, tool: tool, id: id) }
        let plain = PlainCommand(
            tool: tool, command: command, environment: environment.forReading, limits: limits,
            clock: clock, directory: store.directory, name: id.rawValue)
        return await gate.pass { await plain.run() }
    }

    public func read(_ command: Command, id: CommandID) async -> CommandResult {
        if let tool = tools.path(of: command.argv[0]), !Task.isCancelled,
            let answer = await proxies.answer(to: command, tool: tool)
        {
            return answer
        }
        return await run(command, id: id)
    }

    public func fate(of id: CommandID, at place: Command.Place) async -> CommandFate {
        guard place == .local else { return .lost("the local executor knows no other host") }
        guard id.objection == nil else { return .unknown }
        return await jobs.fate(of: id)
    }

    public func acknowledge(_ id: CommandID, at place: Command.Place) async {
        guard place == .local, id.objection == nil else { return }
        jobs.discardIfOver(id)
    }

    /// Why a command can't be run as it is, or `nil` when it can.
    private func objection(to command: Command, _ id: CommandID) -> String? {
        guard command.place == .local else { return "the local executor reaches no other host" }
        guard !command.argv.contains(where: { $0.utf8.contains(0) }) else {
            return "an argument holds a NUL byte, which no program can be given"
        }
        return id.objection
    }
}

extension LocalExecutor {
    /// Removes what nobody came back for: the files of jobs that are over and
    /// spilled output, when their last change is older than the age.
    ///
    /// Jobs that run are left alone, however old, and so are those whose end is
    /// still wanted.
    public func collectGarbage(
        olderThan age: Duration, keeping wanted: Set<CommandID> = [], now: Timestamp
    ) {
        store.removeRemains(changedBefore: now + (.zero - age))
        for id in store.ids() where !wanted.contains(id) {
            let changed =
                FileAge.lastChange(of: "\(store.path(of: id))/facts")
                ?? FileAge.lastChange(of: store.path(of: id))
            if let changed, now - changed > age { collect(id) }
        }
        if let spill = limits.spillDirectory {
            FileAge.removeFiles(in: spill, changedBefore: now + (.zero - age))
        }
    }

    /// A directory in which nothing was ever claimed is garbage too.
    private func collect(_ id: CommandID) {
        if store.look(at: id).state == .unknown { return store.discard(id) }
        jobs.discardIfOver(id)
    }
}

import FleetModel
import FleetRunner

/// All that an executor keeps of one bastion.
struct BastionLink: Sendable {
    let caller: BastionCaller
    private let installer: Installer
    private let register: JobRegister
    private let gate: SpawnGate

    init(_ caller: BastionCaller) {
        self.caller = caller
        installer = Installer(caller)
        register = JobRegister(caller)
        let bastion = caller.access.bastion
        let channels = bastion.maxConnections * bastion.channelsPerConnection
        gate = SpawnGate(children: min(caller.limits.commandsAtOnce, channels - Self.reserve))
    }

    /// Channels that are left to the lines that stop commands, or ask about them.
    private static let reserve = 4

    private var bastion: Bastion { caller.access.bastion }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        if let objection = bastion.objection(to: command, id) {
            return CommandResult(.notStarted(objection))
        }
        guard command.isMutating else { return await read(command, id) }
        await register.touch(id)
        let job = RemoteJob(
            id: id, command: command, isKnown: await register.known.contains(id), caller: caller,
            installer: installer)
        let result = await gate.pass { await job.run() }
        if case .notStarted = result.ending { return result }
        await register.know(id)
        return result
    }

    private func read(_ command: Command, _ id: CommandID) async -> CommandResult {
        let read = RemoteRead(id: id, command: command, caller: caller)
        return await gate.pass {
            guard !Task.isCancelled else {
                return CommandResult(.notStarted("it was cancelled before it began"))
            }
            return await read.run()
        }
    }

    /// What is known of a job, tried for as long as a bastion may be out of reach.
    func fate(of id: CommandID) async -> CommandFate {
        guard id.objection == nil else { return .unknown }
        if await register.isAbsent(id) { return .unknown }
        let words = ["follow", id.rawValue, "\(caller.limits.outputKept)", "0"]
        let place = JobsPlace(bastion.jobsDirectory)
        switch await caller.insist(for: caller.limits.connectPatience, { place.line($0, words) }) {
        case .success(let answer):
            let fate = fate(JobAnswer(answer, of: id.rawValue, on: bastion).kind)
            if fate != .unknown { await register.know(id) }
            return fate
        case .failure(let trouble): return .unreachable(trouble.words)
        }
    }

    private func fate(_ kind: JobAnswer.Kind) -> CommandFate {
        switch kind {
        case .absent, .unknown: return .unknown
        case .open: return .running
        case .refused(let reason): return .lost(reason)
        case .over(let result):
            guard case .lost(let reason) = result.ending else { return .ended(result) }
            return .lost(reason)
        }
    }

    func acknowledge(_ id: CommandID) async {
        guard id.objection == nil else { return }
        await register.acknowledge(id)
    }

    func collectGarbage(olderThan age: Duration, keeping wanted: Set<CommandID>) async {
        let minutes = max(0, age.inMilliseconds / 60_000)
        let words = ["collect", "\(minutes)"] + wanted.map(\.rawValue).sorted()
        // What is not collected now is collected another day.
        let place = JobsPlace(bastion.jobsDirectory)
        _ = await caller.insist(for: caller.limits.patience) { place.line($0, words) }
    }
}

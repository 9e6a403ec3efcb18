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
        gate = SpawnGate(children: caller.limits.commandsAtOnce)
    }

    private var bastion: Bastion { caller.access.bastion }

    func run(_ command: Command, id: CommandID) async -> CommandResult {
        if let objection = bastion.objection(to: command, id) {
            return CommandResult(.notStarted(objection))
        }
        guard command.isMutating else { return await read(command) }
        await register.touch(id)
        let job = RemoteJob(id: id, command: command, caller: caller, installer: installer)
        return await gate.pass { await job.run() }
    }

    private func read(_ command: Command) async -> CommandResult {
        let read = RemoteRead(caller: caller, command: command)
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
        let patience = Patience(caller.limits.connectPatience, on: caller.clock)
        var pause = Pause(limits: caller.limits, chance: caller.chance)
        while true {
            switch await look(at: id) {
            case .answer(let answer):
                return fate(JobAnswer(answer, of: id.rawValue, on: bastion).kind)
            case .notSent(let trouble), .lost(_, let trouble):
                guard trouble.isPassing, !patience.isOver else { return .lost(trouble.words) }
            case .cancelled: return .lost("asking for it was given up")
            }
            // Cancelled or not: the answer is wanted.
            try? await caller.clock.sleep(for: pause.next())
        }
    }

    private func look(at id: CommandID) async -> BastionCaller.Reply {
        let words = ["follow", id.rawValue, "\(caller.limits.outputKept)", "0"]
        let line = JobsPlace(bastion.jobsDirectory).line(caller.chance.mark(), words)
        return await Task { [caller] in await caller.send(line) }.value
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

    func collectGarbage(olderThan age: Duration) async {
        let minutes = max(0, age.inMilliseconds / 60_000)
        // What is not collected now is collected another day.
        _ = await caller.send(
            JobsPlace(bastion.jobsDirectory).line(caller.chance.mark(), ["collect", "\(minutes)"]))
    }
}

import FleetModel
import FleetRunner

/// A command that only reads, run on a bastion. It is tried again only when
/// nothing of it was sent.
struct RemoteRead: Sendable {
    let id: CommandID
    let command: Command
    let caller: BastionCaller

    func run() async -> CommandResult {
        let start = ContinuousClock.now
        let stop = ReadStop(caller, id)
        let timer = Task {
            // Ends early, and in vain, when the command does.
            guard (try? await caller.clock.sleep(for: command.deadline)) != nil else { return }
            stop.pull(.timedOut)
        }
        defer { timer.cancel() }
        var result = await withTaskCancellationHandler {
            await Task { await tries(stop) }.value
        } onCancel: {
            stop.pull(.cancelled)
        }
        result.duration = ContinuousClock.now - start
        return result
    }

    private func tries(_ stop: ReadStop) async -> CommandResult {
        let patience = Patience(caller.limits.connectPatience, on: caller.clock)
        var pause = Pause(limits: caller.limits, chance: caller.chance)
        while true {
            switch await send(stop) {
            case .answer(let answer): return await ended(answer, status(answer), stop)
            case .lost(let answer, let trouble): return await lost(answer, trouble, stop)
            case .cancelled(let answer):
                return await ended(answer, .lost("it was given up"), stop)
            case .notSent(let trouble):
                if let reason = stop.reason { return neverSent(reason, trouble) }
                guard trouble.isPassing, !patience.isOver else {
                    return CommandResult(.notStarted(trouble.words))
                }
                await stop.pause(pause.next())
                if let reason = stop.reason { return neverSent(reason, trouble) }
            }
        }
    }

    private func send(_ stop: ReadStop) async -> BastionCaller.Reply {
        let line = ReadLine.run(
            caller.access.bastion.words(of: command),
            variables: caller.access.bastion.variables,
            stdin: Array((command.stdin ?? "").utf8), mark: caller.chance.mark())
        return await stop.watch { await caller.send(line, begun: stop.began) }
    }

    private func neverSent(
        _ reason: CommandResult.Ending, _ trouble: SSHTrouble
    ) -> CommandResult {
        let why = reason == .cancelled ? "it was cancelled before it began" : trouble.words
        return CommandResult(.notStarted(why))
    }

    /// What was lost may still run there, for nobody.
    private func lost(
        _ answer: LineAnswer, _ trouble: SSHTrouble, _ stop: ReadStop
    ) async -> CommandResult {
        if stop.reason == nil, let leader = stop.leader {
            Task { [caller, id] in await caller.stop(leader, of: id) }
        }
        return await ended(answer, .lost(trouble.words), stop)
    }

    private func ended(
        _ answer: LineAnswer, _ ending: CommandResult.Ending, _ stop: ReadStop
    ) async -> CommandResult {
        let reason = await stop.ended()
        let (output, errors) = (answer.stdout.first, answer.stderr.first)
        return CommandResult(
            reason ?? ending, stdout: output?.bytes ?? [], stderr: errors?.bytes ?? [],
            isTruncated: output?.isTruncated ?? false || errors?.isTruncated ?? false)
    }

    private func status(_ answer: LineAnswer) -> CommandResult.Ending {
        let word = answer.ending.first ?? ""
        if let status = Int32(word) { return .ofShell(status: status) }
        return .notStarted(caller.access.bastion.lacks(command.argv[0]))
    }
}

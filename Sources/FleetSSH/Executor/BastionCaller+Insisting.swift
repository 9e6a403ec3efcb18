import FleetModel

extension BastionCaller {
    /// Sends a line that a bastion answers soon, if it answers at all.
    func send(_ line: ShellLine, within patience: Duration) async -> Reply {
        let call = Task { await send(line) }
        let timer = Task {
            // Fails only when the answer is there.
            guard (try? await clock.sleep(for: patience)) != nil else { return }
            call.cancel()
        }
        defer { timer.cancel() }
        let reply = await call.value
        guard case .cancelled(let answer) = reply else { return reply }
        return .lost(answer, SSHTrouble(.unreachable, "\(name) does not answer"))
    }

    /// Sends a line ever anew until it is answered, or the time is up. For lines that
    /// do no harm when they are read twice; cancelling the task doesn't stop it.
    func insist(
        for duration: Duration, _ line: @escaping @Sendable (LineMark) -> ShellLine
    ) async -> Result<LineAnswer, SSHTrouble> {
        await Task {
            let patience = Patience(duration, on: clock)
            var pause = Pause(limits: limits, chance: chance)
            while true {
                switch await send(line(chance.mark()), within: duration) {
                case .answer(let answer): return .success(answer)
                case .cancelled: return .failure(SSHTrouble(.unreachable, "it was given up"))
                case .notSent(let trouble), .lost(_, let trouble):
                    guard trouble.isPassing, !patience.isOver else { return .failure(trouble) }
                }
                // Nobody cancels this task.
                try? await clock.sleep(for: pause.next())
            }
        }.value
    }

    /// Ends the process group of a read, as far as the bastion can be reached.
    func stop(_ leader: ReadLeader, of id: CommandID) async {
        let polls = limits.gracePolls
        let result = await insist(for: limits.grace + limits.patience) { mark in
            ReadLine.stop(leader, polls: polls, mark: mark)
        }
        // What can't be told so ends at its own time.
        guard case .success(let answer) = result else { return }
        if !answer.killed.isEmpty { ended(id, answer.killed) }
    }
}

import FleetModel

/// Sends lines to one bastion and waits for whole answers.
struct BastionCaller: Sendable {
    let access: BastionAccess
    let limits: SSHLimits
    let chance: Chance
    let clock: any Clock<Duration>
    /// Told which processes were ended for a command, each as `PID NAME`.
    let ended: @Sendable (CommandID, [String]) -> Void

    /// What one line came to.
    enum Reply: Sendable {
        case answer(LineAnswer)
        /// Nothing was sent.
        case notSent(SSHTrouble)
        /// It may have been read by the far side, and the answer isn't whole.
        case lost(LineAnswer, SSHTrouble)
        case cancelled(LineAnswer)
    }

    /// Sends a line. Cancelling the task gives up the answer and stops nothing there.
    func send(
        _ line: ShellLine, begun: @escaping @Sendable ([String]) -> Void = { _ in }
    ) async -> Reply {
        let transport = access.transport
        let ripcord = Ripcord()
        let exchange = Exchange(
            mark: line.mark, limit: limits.outputKept, marksStderr: line.marksStderr
        ) { notice in
            switch notice {
            case .begun(let words): begun(words)
            case .over: ripcord.pull(after: limits.linger, on: clock)
            }
        }
        let run = Task { () async -> Result<RemoteExit, TransportFailure> in
            do throws(TransportFailure) {
                return .success(try await transport.carry(line, into: exchange))
            } catch {
                return .failure(error)
            }
        }
        ripcord.attach { run.cancel() }
        let result = await withTaskCancellationHandler {
            await run.value
        } onCancel: {
            run.cancel()
        }
        ripcord.detach()
        return reply(result, exchange)
    }

    private func reply(
        _ result: Result<RemoteExit, TransportFailure>, _ exchange: Exchange
    ) -> Reply {
        let (stdout, stderr, isOver) = exchange.finish()
        let answer = LineAnswer(stdout: stdout, stderr: stderr)
        // However the connection ended: what is whole is whole.
        if isOver { return .answer(answer) }
        switch result {
        case .success(let exit): return unfinished(answer, exit)
        case .failure(.notSent(let trouble)): return .notSent(trouble)
        case .failure(.lost(let trouble)): return .lost(answer, trouble)
        case .failure(.cancelled): return .cancelled(answer)
        }
    }

    /// The line ended without saying so.
    private func unfinished(_ answer: LineAnswer, _ exit: RemoteExit) -> Reply {
        guard case .exited(let status) = exit, !answer.hasBegun else {
            let trouble = SSHTrouble(
                .unreachable, "\(name) closed the channel before the command had ended")
            return .lost(answer, trouble)
        }
        return .notSent(foreign(answer, status))
    }

    var name: String { "bastion \(access.bastion.name.rawValue.quoted)" }

    /// Our line never ran: a shell runs it from its first word on, and that says so.
    private func foreign(_ answer: LineAnswer, _ status: Int32) -> SSHTrouble {
        let said = answer.noise.isEmpty ? "and says nothing" : "and says \(answer.noise.quoted)"
        return SSHTrouble(
            .unusable,
            "\(name) runs something else than what it is asked to (exit \(status)) \(said)",
            hint: "give the user a POSIX shell and the key no forced command")
    }
}

/// What a line printed, taken apart.
struct LineAnswer: Sendable {
    let stdout: [Section]
    let stderr: [Section]
    /// What somebody else printed, as one line of text.
    let noise: String

    init(stdout: SectionReader, stderr: SectionReader) {
        (self.stdout, self.stderr) = (stdout.sections, stderr.sections)
        let words = String(decoding: stdout.noise + stderr.noise, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace)
        noise = words.joined(separator: " ")
    }

    var hasBegun: Bool { !stdout.isEmpty }
    /// The words after `end`; empty when the end is missing.
    var ending: ArraySlice<String> {
        guard let last = stdout.last, last.name == Section.last else { return [] }
        return last.words.dropFirst()
    }

    /// The processes that were ended, as `PID NAME`.
    var killed: [String] {
        section("killed")?.text.split(separator: "\n").map(String.init) ?? []
    }

    func section(_ name: String) -> Section? { stdout.first { $0.name == name } }
}

extension BastionTransport {
    fileprivate func carry(
        _ line: ShellLine, into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        line.isUrgent
            ? try await runUrgently(line.text, stdin: line.stdin, into: sink)
            : try await run(line.text, stdin: line.stdin, into: sink)
    }
}

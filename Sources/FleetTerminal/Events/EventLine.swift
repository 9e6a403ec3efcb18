public import FleetModel

/// Events as lines of text, for logs and for runs off a terminal.
///
/// ```
/// 14:03:22 edge-014 ▶ activate attempt 2
/// 14:03:58 edge-014 ✗ activate attempt 2 failed: the probe still answers 1-24
/// 14:03:58 The run is halting: canary edge-014 failed: the probe still answers 1-24.
/// ```
public struct EventLine: Sendable {
    private let names: PlanNames
    private let style: Style
    private let secondOfDay: @Sendable (Timestamp) -> Int

    /// `secondOfDay` decides the time zone: it tells the seconds since midnight
    /// where the reader is. ``Timestamp/secondOfDayUTC`` is one for UTC.
    public init(
        plan: Plan, style: Style,
        secondOfDay: @escaping @Sendable (Timestamp) -> Int = { $0.secondOfDayUTC }
    ) {
        names = PlanNames(plan)
        self.style = style
        self.secondOfDay = secondOfDay
    }

    /// The event on one line, however long.
    public func text(_ entry: JournalEntry) -> String {
        let clock = Line(clockText(secondOfDay: secondOfDay(entry.time)), .faint)
        return (clock + " " + line(entry.event)).text(style)
    }

    private func line(_ event: Event) -> Line {
        switch event {
        case .attemptStarted(let attempt): started(attempt)
        case .attemptFinished(let attempt, let outcome): finished(attempt, outcome)
        case .findingWaived(let attempt, let finding): waived(attempt, finding)
        case .identityPinned(let cluster, let uid):
            Line("\(cluster)", .bold) + " is known by its kube-system namespace \(uid)"
        case .waveStarted, .waveSkipped, .soakStarted, .wavePassed, .waveApproved, .windowsWaived:
            Line(waveSentence(event))
        case .runHalting(let halt):
            Line("The run is halting: \(halt.reason); no cluster starts from here on.", .red)
        case .runHalted: Line("The run is halted; nothing is in flight any more.", .red)
        case .runAborted(let by, let reason):
            Line("\(by) aborted the run: \(reason)".sentence, .red)
        case .runCompleted(false): Line("The run is complete.", .green)
        case .runCompleted(true):
            Line("The run is over; not every cluster came through.", .yellow)
        case .runStarted, .coordinatorStarted, .runResumed: Line(beginning(event))
        }
    }
}

// MARK: - Attempts

extension EventLine {
    private func started(_ attempt: Attempt) -> Line {
        opening(attempt, style.symbols.running, .cyan) + " attempt \(attempt.number)"
    }

    private func finished(_ attempt: Attempt, _ outcome: Outcome) -> Line {
        let symbols = style.symbols
        switch outcome {
        case .succeeded(changed: true): return opening(attempt, symbols.done, .green)
        case .succeeded(changed: false):
            return opening(attempt, symbols.done, .green) + ": nothing to change"
        case .lost:
            return opening(attempt, symbols.failed, .yellow)
                + " attempt \(attempt.number) was cut off before its end"
        case .failed(let failure): return failed(attempt, failure)
        }
    }

    private func failed(_ attempt: Attempt, _ failure: Failure) -> Line {
        let isCalm = failure.kind == .interrupted || failure.kind == .blocked
        let symbol = isCalm ? style.symbols.waiting : style.symbols.failed
        return opening(attempt, symbol, isCalm ? .yellow : .red)
            + " attempt \(attempt.number) \(failure.kind.words): \(failure.reason)"
    }

    private func waived(_ attempt: Attempt, _ finding: WaivedFinding) -> Line {
        opening(attempt, style.symbols.waiting, .yellow)
            + ": \(finding.check) \(finding.words) (waived: \(finding.reason))"
    }

    private func opening(_ attempt: Attempt, _ symbol: String, _ ink: Ink) -> Line {
        Line("\(attempt.cluster)", .bold) + " " + Line(symbol, ink) + " \(names.step(of: attempt))"
    }
}

// MARK: - Waves and the run

extension EventLine {
    private func waveSentence(_ event: Event) -> String {
        switch event {
        case .waveStarted(let position): "\(name(position)) started\(size(position))."
        case .waveSkipped(let position):
            "\(name(position)) was skipped: no cluster was left to change."
        case .soakStarted(let position, let until):
            "\(name(position)) soaks until \(clockText(secondOfDay: secondOfDay(until)))."
        case .wavePassed(let position): "\(name(position)) passed."
        case .waveApproved(let position, let by): "\(name(position)) may start: \(by) approved it."
        case .windowsWaived(let position, let by, let reason):
            "\(name(position)) need not wait for its windows, \(by) says: \(reason)".sentence
        default: ""
        }
    }

    private func name(_ position: WavePosition) -> String {
        "Wave \(names.wave(position)) of \(names.phase(position.phase))"
    }

    private func size(_ position: WavePosition) -> String {
        guard let wave = names.waveValue(position) else { return "" }
        let clusters = counted(wave.clusters.count, "cluster")
        return " with \(clusters), \(wave.maxConcurrency) at once"
    }

    private func beginning(_ event: Event) -> String {
        switch event {
        case .runStarted(let by, nil): "\(by) started the run."
        case .runStarted(let by, let reason?): "\(by) started the run: \(reason)".sentence
        case .coordinatorStarted(let epoch, let host, let pid):
            "Coordinator \(epoch) took charge, as process \(pid) on \(host)"
        case .runResumed(let by, .retry):
            "\(by) resumed the run; clusters that failed are tried again."
        case .runResumed(let by, .accept(let reason)):
            "\(by) resumed the run and accepts what failed: \(reason)".sentence
        default: ""
        }
    }
}

extension Failure.Kind {
    /// What happened, as the verb of a sentence.
    var words: String {
        switch self {
        case .terminal: "failed"
        case .transient: "failed for now"
        case .timedOut: "timed out"
        case .unreachable: "could not reach the cluster"
        case .blocked: "found the cluster unwell"
        case .identityMismatch: "found another cluster"
        case .inDoubt: "is in doubt"
        case .interrupted: "stopped at a safe point"
        case .alarm: "raised an alarm"
        }
    }
}

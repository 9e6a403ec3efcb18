import FleetModel
import GRDB

/// An event as the columns of its row.
///
/// The three kinds that come once or more for every cluster have columns; a
/// run has a few hundred of all the others together, and those are JSON.
struct EventRow: Equatable {
    var kind: EventKind
    var cluster: ClusterName?
    var phase: Int?
    var step: Int?
    var attempt: Int?
    var outcome: String?
    var detail: String?
    var document: String?

    init(_ event: Event) throws {
        kind = EventKind(event)
        let fits = fillColumns(event) && !holdsNUL
        if !fits { try becomeDocument(event) }
    }

    /// Fills the columns, where there are columns for the event.
    private mutating func fillColumns(_ event: Event) -> Bool {
        switch event {
        case .attemptStarted(let attempt):
            set(attempt)
        case .attemptFinished(let attempt, let outcome):
            set(attempt)
            set(outcome)
        case .identityPinned(let cluster, let uid):
            (self.cluster, detail) = (cluster, uid)
        default:
            return false
        }
        return true
    }

    /// A text column is read up to its first NUL, which tools do print; in JSON
    /// it is written as `\u0000`.
    private var holdsNUL: Bool {
        [cluster?.rawValue, detail].contains { $0?.utf8.contains(0) ?? false }
    }

    private mutating func becomeDocument(_ event: Event) throws {
        document = try JSONText.encode(event)
        (cluster, phase, step, attempt, outcome, detail) = (nil, nil, nil, nil, nil, nil)
    }

    private mutating func set(_ attempt: Attempt) {
        (cluster, phase) = (attempt.cluster, attempt.phase)
        (step, self.attempt) = (attempt.step, attempt.number)
    }

    private mutating func set(_ outcome: Outcome) {
        switch outcome {
        case .succeeded(changed: true): self.outcome = OutcomeWord.changed
        case .succeeded(changed: false): self.outcome = OutcomeWord.unchanged
        case .lost: self.outcome = OutcomeWord.lost
        case .failed(let failure):
            (self.outcome, detail) = (failure.kind.rawValue, failure.reason)
        }
    }
}

// MARK: - Writing

extension EventRow {
    static let columns =
        "run, sequence, time, kind, cluster, phase, step, attempt, outcome, detail, document"

    /// The values of ``columns``, in that order.
    func arguments(run: Int64, sequence: Int, at time: Timestamp) -> StatementArguments {
        [
            run, sequence, time.milliseconds, kind.rawValue, cluster?.rawValue, phase, step,
            attempt, outcome, detail, document,
        ]
    }
}

import FleetModel
import GRDB

extension JournalEntry {
    /// What ``init(_:)`` expects of a row, in this order.
    static let columns =
        "sequence, time, kind, cluster, phase, step, attempt, outcome, detail, document"

    /// Reads a row by position, which is several times faster than by name.
    init(_ row: Row) throws {
        self.init(
            sequence: row[0], time: Timestamp(milliseconds: row[1]), event: try decodeEvent(row))
    }
}

private func decodeEvent(_ row: Row) throws -> Event {
    if let document: String = row[9] { return try JSONText.decode(Event.self, from: document) }
    switch EventKind(rawValue: row[2]) {
    case .attemptStarted:
        return .attemptStarted(try decodeAttempt(row))
    case .attemptFinished:
        return .attemptFinished(try decodeAttempt(row), try decodeOutcome(row))
    case .identityPinned:
        guard let cluster: String = row[3], let uid: String = row[8] else { throw unreadable(row) }
        return .identityPinned(ClusterName(cluster), uid: uid)
    default:
        throw unreadable(row)
    }
}

private func decodeAttempt(_ row: Row) throws -> Attempt {
    guard let cluster: String = row[3], let phase: Int = row[4], let step: Int = row[5],
        let number: Int = row[6]
    else { throw unreadable(row) }
    return Attempt(cluster: ClusterName(cluster), phase: phase, step: step, number: number)
}

private func decodeOutcome(_ row: Row) throws -> Outcome {
    guard let word: String = row[7] else { throw unreadable(row) }
    switch word {
    case OutcomeWord.changed: return .succeeded(changed: true)
    case OutcomeWord.unchanged: return .succeeded(changed: false)
    case OutcomeWord.lost: return .lost
    default:
        guard let kind = Failure.Kind(rawValue: word) else { throw unreadable(row) }
        return .failed(Failure(kind, row[8] ?? ""))
    }
}

private func unreadable(_ row: Row) -> DatabaseError {
    let sequence: Int64 = row[0]
    return DatabaseError(resultCode: .SQLITE_CORRUPT, message: "event \(sequence) makes no sense")
}

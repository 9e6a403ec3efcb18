import FleetModel
import GRDB

extension JournalError {
    /// What went wrong, as far as SQLite can tell it.
    ///
    /// The meanings of the codes are those of <https://www.sqlite.org/rescode.html>.
    init(_ error: any Error, at path: String) {
        switch error {
        case let error as JournalError: self = error
        case let error as DatabaseError:
            self = .storage(error.trouble, path: path, detail: error.words)
        default: self = .storage(.failing, path: path, detail: "\(error)")
        }
    }
}

extension DatabaseError {
    fileprivate var trouble: StorageTrouble {
        switch resultCode {
        case .SQLITE_NOTADB: .foreign
        case .SQLITE_CORRUPT: .damaged
        case .SQLITE_FULL: .full
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_READONLY: .readOnly
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .inaccessible
        case .SQLITE_MISMATCH, .SQLITE_CONSTRAINT: .damaged
        default: .failing
        }
    }

    /// SQLite's message and code, without the statement, whose values may be secret.
    fileprivate var words: String {
        "\(message ?? "no message") (SQLite \(extendedResultCode.rawValue))"
    }
}

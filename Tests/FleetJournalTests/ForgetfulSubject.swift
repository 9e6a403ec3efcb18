import FleetCoordinator
import FleetModel
import FleetTestKit

/// A journal that stores nothing, to see that the contract notices.
struct ForgetfulSubject: JournalSubject {
    var journal = ForgetfulJournal()

    mutating func send(_ control: Control, at now: Timestamp) throws {}

    mutating func reopen() throws {}
}

struct ForgetfulJournal: Journal {
    func entries() -> [JournalEntry] { [] }

    mutating func turn(at now: Timestamp, _ decide: ([Control]) throws -> [Event]) throws {
        _ = try decide([])
    }
}

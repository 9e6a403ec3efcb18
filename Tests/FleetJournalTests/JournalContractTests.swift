import FleetTestKit
import Testing

@Suite struct `The journal's contract` {
    @Test(arguments: JournalContract.clauses)
    func `is kept by the journal in SQLite`(clause: JournalContract) throws {
        var subject: any JournalSubject = try SQLiteSubject()
        try clause.check(&subject)
    }

    @Test(arguments: JournalContract.clauses)
    func `is kept by the journal in memory`(clause: JournalContract) throws {
        var subject: any JournalSubject = InMemorySubject()
        try clause.check(&subject)
    }

    @Test func `is broken by a journal that forgets`() throws {
        let broken = try JournalContract.clauses.filter { clause in
            var subject: any JournalSubject = ForgetfulSubject()
            do { try clause.check(&subject) } catch is JournalContract.Breach { return true }
            return false
        }
        #expect(broken.count >= 4)
    }
}

import FleetCoordinator
import FleetModel

/// What every ``Journal`` must hold to, one clause at a time.
///
/// ```swift
/// @Test(arguments: JournalContract.clauses)
/// func `the journal in SQLite keeps the contract`(clause: JournalContract) throws {
///     var subject = try SQLiteSubject()
///     try clause.check(&subject)
/// }
/// ```
public struct JournalContract: Sendable, CustomStringConvertible {
    public let description: String
    private let body: @Sendable (inout any JournalSubject) throws -> Void

    private init(
        _ description: String, _ body: @escaping @Sendable (inout any JournalSubject) throws -> Void
    ) {
        (self.description, self.body) = (description, body)
    }

    /// Holds a new, empty journal to the clause.
    ///
    /// - Throws: ``Breach`` when it is broken, or what the journal throws.
    public func check(_ subject: inout any JournalSubject) throws { try body(&subject) }

    /// How a clause was broken.
    public struct Breach: Error, Sendable, CustomStringConvertible {
        public let description: String
    }
}

// MARK: - The clauses

extension JournalContract {
    public static let clauses: [JournalContract] = [
        startsEmpty, numbersWithoutGaps, takesManyAtOnce, takesNothing, readsEverythingBack,
        remembers, handsOverControls, handsOverOnce, forgetsNothingWhenDecidingFails,
        keepsControlsAcrossReopening,
    ]

    private static let startsEmpty = JournalContract("a new journal is empty") { subject in
        try expect(try subject.events(), [])
    }

    private static let numbersWithoutGaps = JournalContract(
        "events are numbered from one without gaps"
    ) { subject in
        for minute: Int64 in 1...3 { try subject.store([.runHalted], at: minute) }
        let entries = try subject.journal.entries()
        try expect(entries.map(\.sequence), [1, 2, 3])
        try expect(entries.map(\.time), [1, 2, 3].map(moment))
    }

    private static let takesManyAtOnce = JournalContract(
        "the events of one turn keep their order and share its time"
    ) { subject in
        try subject.store([.runHalted], at: 1)
        try subject.store(ContractEvents.all, at: 2)
        let entries = try subject.journal.entries().dropFirst()
        try expect(entries.map(\.event), ContractEvents.all)
        try expect(Set(entries.map(\.time)), [moment(2)])
        try expect(entries.map(\.sequence), Array(2...ContractEvents.all.count + 1))
    }

    private static let takesNothing = JournalContract(
        "a turn that decides nothing stores nothing"
    ) { subject in
        try subject.store([], at: 1)
        try expect(try subject.events(), [])
    }

    private static let readsEverythingBack = JournalContract(
        "every kind of event is read back as it was stored"
    ) { subject in
        for event in ContractEvents.all { try subject.store([event], at: 1) }
        try expect(try subject.events(), ContractEvents.all)
    }

    private static let remembers = JournalContract(
        "what was stored is there when the journal is opened anew"
    ) { subject in
        try subject.store(ContractEvents.all, at: 1)
        try subject.reopen()
        try expect(try subject.events(), ContractEvents.all)
        try subject.store([.runHalted], at: 2)
        try expect(
            try subject.journal.entries().last?.sequence, Optional(ContractEvents.all.count + 1))
    }

    private static let handsOverControls = JournalContract(
        "a turn sees everything that was sent before it, oldest first"
    ) { subject in
        for control in ContractEvents.controls { try subject.send(control, at: moment(1)) }
        try expect(try subject.turn([], at: 2), ContractEvents.controls)
    }

    private static let handsOverOnce = JournalContract(
        "a control is handed over once"
    ) { subject in
        try subject.send(.halt(by: "ann", reason: nil), at: moment(1))
        try subject.store([.runHalted], at: 2)
        try expect(try subject.turn([], at: 3), [])
        try subject.send(.halt(by: "bob", reason: nil), at: moment(4))
        try expect(try subject.turn([], at: 5), [.halt(by: "bob", reason: nil)])
    }

    private static let forgetsNothingWhenDecidingFails = JournalContract(
        "a turn that throws has stored nothing and taken nothing from the inbox"
    ) { subject in
        try subject.store([.runHalted], at: 1)
        try subject.send(.halt(by: "ann", reason: "smoke"), at: moment(2))
        try subject.failToDecide(at: 3)
        try expect(try subject.events(), [.runHalted])
        try expect(try subject.turn([], at: 4), [.halt(by: "ann", reason: "smoke")])
    }

    private static let keepsControlsAcrossReopening = JournalContract(
        "a control outlives the coordinator it was sent to"
    ) { subject in
        try subject.send(.abort(by: "ann", reason: "fire"), at: moment(1))
        try subject.reopen()
        try expect(try subject.turn([], at: 2), [.abort(by: "ann", reason: "fire")])
        try subject.reopen()
        try expect(try subject.turn([], at: 3), [])
    }
}

// MARK: - Words the clauses are written in

extension JournalSubject {
    fileprivate func events() throws -> [Event] { try journal.entries().map(\.event) }

    fileprivate mutating func store(_ events: [Event], at minute: Int64) throws {
        _ = try turn(events, at: minute)
    }

    /// Takes a turn that stores these events, and answers what it was handed.
    fileprivate mutating func turn(_ events: [Event], at minute: Int64) throws -> [Control] {
        var seen: [Control] = []
        try journal.turn(at: moment(minute)) { controls in
            seen = controls
            return events
        }
        return seen
    }

    fileprivate mutating func failToDecide(at minute: Int64) throws {
        do {
            try journal.turn(at: moment(minute)) { _ in throw Refusal() }
        } catch is Refusal {
            return
        }
        throw JournalContract.Breach(description: "the turn swallowed the error")
    }
}

private func moment(_ minute: Int64) -> Timestamp { Timestamp(milliseconds: minute * 60_000) }

private func expect<Value: Equatable>(_ found: Value, _ expected: Value) throws {
    guard found == expected else {
        throw JournalContract.Breach(description: "expected \(expected), got: \(found)")
    }
}

/// What a turn throws to see that the journal passes it on.
private struct Refusal: Error {}

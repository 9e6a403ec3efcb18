import FleetModel
import Foundation
import GRDB
import Testing

@testable import FleetJournal

@Suite struct `A plan in the journal` {
    private let scratch: Scratch
    private let journal: JournalDatabase

    init() throws {
        scratch = try Scratch()
        journal = try scratch.open()
    }

    @Test func `has the same text and hash each time it is frozen`() throws {
        let first = try PlanDocument(.small())
        for _ in 1...20 { #expect(try PlanDocument(.small()) == first) }
        #expect(
            first.text.hasPrefix(
                #"{"bastions":[],"clusters":[{"context":"edge-01","labels":{"a":"ünï","b":"2"}"#)
        )
    }

    @Test func `is what anybody reads who loads its text`() throws {
        let frozen = try PlanDocument(.small())
        #expect(frozen.plan.takeover.parameters["waits"] == .int(2))
        #expect(try PlanDocument(frozen.plan) == frozen)
    }

    @Test func `has an id of four characters and is found by it`() throws {
        let saved = try journal.save(try PlanDocument(.small()), at: minute(1))
        #expect(saved.id.rawValue.count == 4)
        #expect(saved.document.longID.hasPrefix(saved.id.rawValue))
        #expect(try journal.reader.plan(matching: saved.id.rawValue) == saved)
        #expect(try journal.reader.plan(matching: saved.id.rawValue.lowercased()) == saved)
        #expect(try journal.reader.plan(matching: saved.document.hash) == saved)
        #expect(try journal.reader.plan(matching: String(saved.id.rawValue.prefix(2))) == saved)
    }

    @Test func `keeps its id when it is saved again`() throws {
        let saved = try journal.save(try PlanDocument(.small()), at: minute(1))
        #expect(try journal.save(try PlanDocument(.small()), at: minute(2)) == saved)
        #expect(try journal.reader.planIDs() == [saved.id])
    }

    @Test func `keeps the latest reason that was given for it`() throws {
        let document = try PlanDocument(.small())
        let saved = try journal.save(document, at: minute(1))
        #expect(saved.reason == nil)
        #expect(try journal.save(document, at: minute(2), reason: "a lab").reason == "a lab")
        _ = try journal.save(document, at: minute(3), reason: "a small fleet")
        #expect(try journal.save(document, at: minute(4)).reason == "a small fleet")
        let read = try journal.reader.plan(matching: saved.id.rawValue)
        #expect(read.reason == "a small fleet" && read.createdAt == saved.createdAt)
    }

    @Test func `takes a longer id when another plan has the short one`() throws {
        let document = try PlanDocument(.small())
        let taken = String(document.longID.prefix(4))
        try journal.queue.write { database in
            try database.execute(
                sql: "INSERT INTO plan (id, hash, createdAt, document) VALUES (?, 'x', 0, '{}')",
                arguments: [taken])
        }
        let saved = try journal.save(document, at: minute(1))
        #expect(saved.id.rawValue == String(document.longID.prefix(5)))
        #expect(try journal.reader.plan(matching: saved.id.rawValue) == saved)
        #expect(
            throws: JournalError.ambiguousPlan(
                String(taken.prefix(3)), matches: [saved.id, PlanID(taken)])
        ) {
            try journal.reader.plan(matching: String(taken.prefix(3)))
        }
    }

    @Test func `that nobody knows is answered with those that look like it`() throws {
        let ids = try (1...9).map { number in
            try journal.save(try PlanDocument(.small("\(number)")), at: minute(Int64(number))).id
        }
        let typed = String(ids[4].rawValue.dropLast()) + "!"
        let error = #expect(throws: JournalError.self) { try journal.reader.plan(matching: typed) }
        guard case .unknownPlan(typed, let near)? = error else {
            Issue.record("expected an unknown plan, got: \(String(describing: error))")
            return
        }
        #expect(near.first == ids[4])
        #expect(error?.exitCode == .badInput)
        #expect(error?.description.contains("hint: the journal has \(ids[4])") == true)
    }

    @Test(arguments: ["", " ", "%", "7F3K'; DROP TABLE plan", "\u{0}", "🐑"])
    func `is not found by nonsense`(text: String) throws {
        _ = try journal.save(try PlanDocument(.small()), at: minute(1))
        #expect(throws: JournalError.self) { try journal.reader.plan(matching: text) }
    }

    @Test func `is refused when its text is no longer what was approved`() throws {
        let saved = try journal.save(try PlanDocument(.small()), at: minute(1))
        try journal.queue.write { database in
            try database.execute(sql: "DROP TRIGGER planIsFrozen")
            try database.execute(
                sql: "UPDATE plan SET document = replace(document, 'edge-02', 'edge-07')")
        }
        #expect(
            throws: JournalError.unreadablePlan(
                saved.id, reason: "its text doesn't match its hash")
        ) {
            try journal.reader.plan(matching: saved.id.rawValue)
        }
    }

    @Test func `that holds a number JSON can't write is refused`() {
        var takeover = Plan.small().takeover
        takeover.parameters["waits"] = .double(.infinity)
        let plan = Plan(
            takeover: takeover, policy: "careful", phases: Plan.small().phases, clusters: [])
        #expect(throws: JournalError.self) { try PlanDocument(plan) }
    }
}

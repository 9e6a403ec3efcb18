public import FleetModel
import Foundation

/// A plan in its frozen form: one text, and the hash that names it.
///
/// The text is JSON with sorted keys and no spaces, so that equal plans have
/// equal texts on every machine, and a run can prove that it executes what was
/// approved.
public struct PlanDocument: Hashable, Sendable {
    /// The plan as anybody who loads the text will read it.
    public let plan: Plan
    public let text: String
    /// SHA-256 of the text, as 64 lower-case hexadecimal digits.
    public let hash: String

    /// Freezes a plan.
    ///
    /// - Throws: ``JournalError/unwritablePlan(reason:)`` when a parameter has
    ///   no JSON form, such as an infinite number.
    public init(_ plan: Plan) throws(JournalError) {
        do {
            text = try Self.text(of: plan)
            self.plan = try Self.plan(in: text)
        } catch {
            throw JournalError.unwritablePlan(reason: "\(error)")
        }
        hash = SHA256.hexadecimal(Array(text.utf8))
    }

    /// Reads a plan back, and refuses one that is not what its hash says.
    init(text: String, hash: String, id: PlanID) throws(JournalError) {
        guard SHA256.hexadecimal(Array(text.utf8)) == hash else {
            throw JournalError.unreadablePlan(id, reason: "its text doesn't match its hash")
        }
        do {
            plan = try Self.plan(in: text)
        } catch {
            throw JournalError.unreadablePlan(id, reason: "\(error)")
        }
        (self.text, self.hash) = (text, hash)
    }

    /// The whole hash in base 32, whose beginning is the plan's id.
    var longID: String { CrockfordBase32.encode(SHA256.digest(Array(text.utf8))) }

    private static func text(of plan: Plan) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(plan), as: UTF8.self)
    }

    private static func plan(in text: String) throws -> Plan {
        try JSONDecoder().decode(Plan.self, from: Data(text.utf8))
    }
}

/// A plan with the id the journal keeps it under.
public struct StoredPlan: Hashable, Sendable {
    public let id: PlanID
    public let document: PlanDocument
    public let createdAt: Timestamp
    /// Why it was made as it is, such as without a canary; `nil` when nobody said.
    public let reason: String?

    public var plan: Plan { document.plan }
}

import FleetModel
import Testing

@testable import Takeovers

/// What a check of a runbook must say at one stage of its takeover.
struct Expectation: Hashable, Sendable, CustomTestStringConvertible {
    let runbook: String
    let step: String
    let part: String
    let check: String
    /// The stage's path, such as `bigbang-254/00-before`.
    let stage: String
    let holds: Bool

    init?(_ line: JSON) {
        guard let runbook = line["runbook"]?.string, let step = line["step"]?.string,
            let part = line["part"]?.string, let check = line["check"]?.string,
            let stage = line["stage"]?.string, let holds = line["holds"]?.bool
        else { return nil }
        (self.runbook, self.step, self.part, self.check) = (runbook, step, part, check)
        (self.stage, self.holds) = (stage, holds)
    }

    var testDescription: String { "\(runbook) \(step) \(part): \(check) at \(stage)" }

    /// How ``Conditions`` call the check.
    var name: String { "\(step) \(part): \(check)" }

    static func all() throws -> [Expectation] {
        try Fixture.list("expectations").compactMap(Expectation.init)
    }
}

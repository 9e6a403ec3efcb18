import FleetModel
import Testing

@testable import Takeovers

extension World {
    /// What a rollback ran, but for the lease. Every step has to come to its end.
    mutating func takeBack(_ situation: Situation) throws -> [String] {
        var purposes: [String] = []
        for step in RevisionRunbook.steps(of: RunbookOutline.rollbackPhase, in: situation) {
            let (observation, commands) = turn(step)
            try #require(observation.word == "done", "\(step.outline.name): \(observation)")
            purposes += commands.withoutLease.map(\.purpose)
        }
        return purposes
    }
}

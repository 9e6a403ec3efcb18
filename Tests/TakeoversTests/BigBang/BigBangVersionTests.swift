import FleetModel
import Testing

@testable import Takeovers

/// Versions of Big Bang that have no packages to go to.
@Suite struct BigBangVersionTests {
    private func world(_ version: String) throws -> World {
        var world = try World(bigBang: "250/00")
        world.edit("HelmRelease", "bigbang", in: "bigbang") {
            $0[path: ["status", "history"]] = [
                ["version": 7, "status": "deployed", "chartVersion": .string(version)]
            ]
        }
        return world
    }

    @Test(arguments: ["1.57.1", "2.0.0", "2.47.1", "2.48.0"])
    func `before 2_49 there is nothing to go to, which blocks`(version: String) throws {
        let found = try world(version).findings(by: BigBangRunbook.self, in: .bigBang())
        #expect(
            found.map(\.words) == [
                "Big Bang \(version) has no packages to go to: istioCore and istioGateway come "
                    + "with 2.49. Upgrade Big Bang first"
            ])
        #expect(found.map(\.check) == ["PB1"] && found.allSatisfy { $0.severity == .block })
    }

    @Test(arguments: ["2.49.0", "2.50.0", "2.51.0"])
    func `from 2_49 on there is`(version: String) throws {
        #expect(
            try !world(version).findings(by: BigBangRunbook.self, in: .bigBang())
                .contains { $0.check == "PB1" })
    }

    @Test func `no step of one runs anything`() throws {
        let world = try world("2.47.1")
        for phase in ["prepare", "takeover", "retire"] {
            for step in BigBangRunbook.steps(of: phase, in: .bigBang()) {
                let answer = world.observe(step)
                #expect(answer.word.hasPrefix("failed"), "\(step.outline.name): \(answer)")
                #expect(answer.saying.contains("Upgrade Big Bang first"), "\(answer)")
            }
        }
    }
}

import FleetModel
import Testing

@testable import Takeovers

/// What every check of the runbooks must say at the stages of each takeover.
@Suite struct ExpectationTests {
    @Test(arguments: try Expectation.all())
    func `a check says what the stage calls for`(expectation: Expectation) throws {
        let condition = try #require(
            Conditions.of(expectation.runbook)[expectation.name], "nothing stands for the check")
        #expect(condition.holds(try Stage(expectation.stage)) == expectation.holds)
    }

    @Test func `every expectation is there`() throws {
        let expectations = try Expectation.all()
        #expect(expectations.count == 173)
        #expect(try Fixture.list("expectations").count == 173)
        let byRunbook = Dictionary(grouping: expectations, by: \.runbook).mapValues(\.count)
        #expect(
            byRunbook == [
                "gloo-takeover": 59, "bigbang-operator-to-helm-254": 52,
                "bigbang-operator-to-helm-250": 46, "revision-canary": 16,
            ])
    }

    @Test func `no condition stands for nothing`() throws {
        let expectations = try Expectation.all()
        for runbook in Set(expectations.map(\.runbook)).sorted() {
            let names = Set(expectations.filter { $0.runbook == runbook }.map(\.name))
            #expect(Set(Conditions.of(runbook).keys) == names, "\(runbook)")
        }
    }

    /// A condition that always says the same proves nothing.
    @Test func `conditions that are expected both ways can tell the stages apart`() throws {
        let both = Dictionary(grouping: try Expectation.all()) { "\($0.runbook) \($0.name)" }
            .filter { Set($0.value.map(\.holds)).count == 2 }
        #expect(both.count == 77)
    }
}

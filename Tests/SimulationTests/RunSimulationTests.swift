import FleetModel
import FleetTestKit
import Testing

struct RunSimulationTests {
    @Test(arguments: 0..<500 as Range<UInt64>)
    func `every run keeps its promises and ends once the world stops failing`(
        seed: UInt64
    ) throws {
        try Simulation.play(seed: seed)
    }

    @Test func `the same seed gives the same journal`() throws {
        let first = try Simulation.play(seed: 4711)
        let again = try Simulation.play(seed: 4711)
        let other = try Simulation.play(seed: 4712)
        #expect(first == again)
        #expect(first != other)
    }
}

/// Seeds that once found a bug, each with its story.
struct RegressionSeedTests {
    @Test func `a soaking wave rolls again when one of its clusters is tried again`() throws {
        try Simulation.play(seed: 2018)
    }
}

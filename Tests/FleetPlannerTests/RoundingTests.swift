import FleetModel
import FleetPlanner
import FleetTestKit
import Testing

struct RoundingTests {
    struct Row: Sendable {
        let written: Amount
        let clusters: Int
        let concurrency: Int?
        let tolerance: Int?
    }

    /// The golden table of the project's semantics; `nil` is a plan error.
    static let table = [
        Row(written: .percent(10), clusters: 5, concurrency: 1, tolerance: 0),
        Row(written: .percent(10), clusters: 15, concurrency: 1, tolerance: 1),
        Row(written: .percent(25), clusters: 5, concurrency: 1, tolerance: 1),
        Row(written: .percent(33), clusters: 10, concurrency: 3, tolerance: 3),
        Row(written: .percent(1), clusters: 50, concurrency: 1, tolerance: 0),
        Row(written: .percent(0), clusters: 20, concurrency: nil, tolerance: 0),
        Row(written: .count(0), clusters: 50, concurrency: nil, tolerance: 0),
        Row(written: .count(100), clusters: 50, concurrency: nil, tolerance: nil),
    ]

    @Test(arguments: table)
    func `the golden table holds`(row: Row) {
        #expect(Rounding.concurrency(row.written, of: row.clusters) == row.concurrency)
        #expect(Rounding.tolerance(row.written, of: row.clusters) == row.tolerance)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a tolerance is never rounded up and a concurrency never to nothing`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let percent = Int.random(in: 1...100, using: &random)
        let clusters = Int.random(in: 1...10_000, using: &random)
        let tolerance = try #require(Rounding.tolerance(.percent(percent), of: clusters))
        let concurrency = try #require(Rounding.concurrency(.percent(percent), of: clusters))
        #expect(tolerance * 100 <= percent * clusters)
        #expect((1...clusters).contains(concurrency))
    }

    @Test(arguments: [-1, 101, 1_000])
    func `a share beyond the whole is refused`(percent: Int) {
        #expect(Rounding.concurrency(.percent(percent), of: 10) == nil)
        #expect(Rounding.tolerance(.percent(percent), of: 10) == nil)
        #expect(Rounding.size(.percent(percent), of: 10) == nil)
    }
}

import Synchronization
import Testing

@testable import FleetLab

/// A clock that runs faster than the world, on a machine that may stop the lab for a while.
struct ScaledClockTests {
    @Test func `time runs as fast as it should, and a lab that was kept waiting loses little`() {
        let elapsed = Atomic<Int>(0)
        let clock = ScaledClock(speed: 60) { .milliseconds(elapsed.load(ordering: .relaxed)) }
        let start = clock.now.milliseconds
        func look(after milliseconds: Int) -> Int64 {
            elapsed.add(milliseconds, ordering: .relaxed)
            return clock.now.milliseconds - start
        }
        #expect(look(after: 500) == 30_000)
        #expect(look(after: 1000) == 90_000)
        #expect(look(after: 10_000) == 210_000, "ten seconds without a processor count as two")
        #expect(look(after: 1000) == 270_000)
        #expect(look(after: 0) == 270_000)
    }
}

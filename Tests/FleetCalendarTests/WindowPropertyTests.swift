import FleetCalendar
import FleetModel
import FleetTestKit
import Testing

/// Random weekly rules in random zones, read back by arithmetic of the test's own.
struct WindowPropertyTests {
    @Test(arguments: 0..<100 as Range<UInt64>)
    func `an allow holds only, and a deny always, when clocks show a time of the rule`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try WeeklySample(using: &random)
        let allow = try sample.hours(.allow)
        let deny = try sample.hours(.deny)
        for moment in sample.moments {
            let isShown = sample.isShown(at: moment)
            #expect(!allow.isOpen(at: moment) || isShown, "\(sample) \(moment.text)")
            #expect(deny.isOpen(at: moment) || !isShown, "\(sample) \(moment.text)")
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `with no change of the clock a rule holds just when clocks show a time of it`(
        seed: UInt64
    ) throws {
        var random = SeededGenerator(seed: seed)
        let sample = try WeeklySample(using: &random)
        guard !sample.changesClock else { return }
        let allow = try sample.hours(.allow)
        #expect(try sample.hours(.deny) == allow)
        for moment in sample.moments where allow.isOpen(at: moment) != sample.isShown(at: moment) {
            Issue.record("\(sample) \(moment.text)")
        }
    }
}

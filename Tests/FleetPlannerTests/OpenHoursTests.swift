import FleetModel
import FleetTestKit
import Testing

/// Spans of time, held against asking every single moment.
struct OpenHoursTests {
    private let moments: [Timestamp] = (0..<60).map { Timestamp(milliseconds: $0) }

    private func spans(_ random: inout SeededGenerator) -> [Range<Timestamp>] {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in
            let start = Int64.random(in: -5...60, using: &random)
            let end = start + Int64.random(in: 0...15, using: &random)
            return Timestamp(milliseconds: start)..<Timestamp(milliseconds: end)
        }
    }

    private func isAnySpan(_ spans: [Range<Timestamp>], around moment: Timestamp) -> Bool {
        spans.contains { $0.contains(moment) }
    }

    @Test(arguments: 0..<300) func `say of every moment whether it is open`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (open, closed) = (spans(&random), spans(&random))
        let hours = OpenHours(open).subtracting(OpenHours(closed))
        for moment in moments {
            let expected = isAnySpan(open, around: moment) && !isAnySpan(closed, around: moment)
            #expect(hours.isOpen(at: moment) == expected, "\(moment)")
            #expect(hours.span(at: moment)?.contains(moment) ?? false == expected)
        }
        #expect(
            zip(hours.spans, hours.spans.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    }

    @Test(arguments: 0..<300) func `find the next time that is long enough`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let hours = OpenHours(spans(&random))
        let length = Int64.random(in: 1...12, using: &random)
        let start = Int64.random(in: 0...50, using: &random)
        let expected = (start...80).first { begin in
            (begin..<begin + length).allSatisfy { hours.isOpen(at: Timestamp(milliseconds: $0)) }
        }
        let found = hours.opening(
            from: Timestamp(milliseconds: start), for: .milliseconds(length))
        #expect(found?.milliseconds == expected)
    }

    @Test(arguments: 0..<300) func `count the time that is closed`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let hours = OpenHours(spans(&random))
        let start = Int.random(in: 0...50, using: &random)
        let time = moments[start]..<moments[Int.random(in: start..<60, using: &random)]
        let closed = moments.count { time.contains($0) && !hours.isOpen(at: $0) }
        #expect(hours.closedTime(in: time) == .milliseconds(closed))
    }
}

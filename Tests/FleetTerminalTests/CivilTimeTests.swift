import FleetModel
import Testing

@testable import FleetTerminal

struct CivilTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"),
        (1_709_210_096_007, "2024-02-29T12:34:56.007Z"),
        (1_767_225_599_000, "2025-12-31T23:59:59.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ])
    func `a moment is written as RFC 3339`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func `every day of four hundred years follows the one before`() {
        var previous = CivilTime(Timestamp(milliseconds: 0))
        for day in Int64(1)...146_097 {
            let next = CivilTime(Timestamp(milliseconds: day * 86_400_000))
            let isNextDay = next.day == previous.day + 1 && next.month == previous.month
            let isNewMonth = next.day == 1 && previous.day >= 28
            #expect(isNextDay || isNewMonth, "\(previous.date) → \(next.date)")
            previous = next
        }
        #expect(previous.date == "2370-01-01")
    }

    @Test(arguments: [Int64.min, .max])
    func `a moment beyond all calendars is still a text`(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339.hasSuffix("Z"))
    }

    @Test func `a second outside the day wraps around`() {
        #expect(clockText(secondOfDay: 86_399) == "23:59:59")
        #expect(clockText(secondOfDay: 86_400 + 61) == "00:01:01")
        #expect(clockText(secondOfDay: -1) == "23:59:59")
    }

    @Test func `chosen times are written without units that are zero`() {
        #expect(Duration.minutes(10).compact == "10m")
        #expect(Duration.seconds(5_445).compact == "1h 30m 45s")
        #expect(Duration.seconds(172_800).compact == "2d")
        #expect(Duration.zero.compact == "0s")
    }

    @Test func `what a command took is written to the tenth of a second`() {
        #expect(Duration.milliseconds(340).precise == "340ms")
        #expect(Duration.milliseconds(2_460).precise == "2.4s")
        #expect(Duration.seconds(72).precise == "1m 12s")
        #expect(Duration.seconds(-5).precise == "0ms")
    }
}

import FleetModel
import Testing

@testable import Takeovers

@Suite struct CalendarTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000000Z"),
        (1_747_734_067_123, "2025-05-20T09:41:07.123000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999000Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000000Z"),
    ])
    func `a moment and its text come back to each other`(milliseconds: Int64, text: String) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(moment.microTime == text)
        #expect(Timestamp(rfc3339: text) == moment)
    }

    @Test func `every day of four centuries comes back`() {
        for day in Int64(-10_000)..<150_000 {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 5)
            #expect(Timestamp(rfc3339: moment.microTime) == moment)
        }
    }

    @Test func `moments beyond the calendar are shown as its ends`() {
        #expect(Timestamp(milliseconds: .max).microTime == "9999-12-31T23:59:59.999000Z")
        #expect(Timestamp(milliseconds: .min).microTime == "0000-01-01T00:00:00.000000Z")
    }

    @Test(arguments: [
        "", "2025-05-20", "2025-05-20T09:41:07", "2025-05-20T09:41:07+02:00",
        "2025-13-20T09:41:07Z",
        "2025-05-20T24:00:00Z", "2025_05-20T09:41:07Z", "20x5-05-20T09:41:07Z",
        "2025-00-01T00:00:00Z",
    ])
    func `what is no time in UTC is none`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `a fraction may be short, long or missing`() {
        let whole = Timestamp(rfc3339: "2025-05-20T09:41:07Z")
        #expect(
            Timestamp(rfc3339: "2025-05-20T09:41:07.5Z") == whole.map { $0 + .milliseconds(500) })
        #expect(
            Timestamp(rfc3339: "2025-05-20T09:41:07.123456789Z")
                == whole.map { $0 + .milliseconds(123) })
    }
}

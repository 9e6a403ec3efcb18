import FleetModel
import Testing

/// Where no clock is changed. The moments are those of Python's `zoneinfo`.
struct WeeklyWindowTests {
    let everyDay = Weekday.allCases
    let weekend: [Weekday] = [.sat, .sun]

    @Test func `a window comes on each of its days`() throws {
        let rule = try WindowRule.allow([.tue, .thu], "09:00", "17:30", "UTC")
        #expect(
            try rule.spans(from: "2026-07-06T12:00Z", days: 7) == [
                "2026-07-07T09:00Z/2026-07-07T17:30Z", "2026-07-09T09:00Z/2026-07-09T17:30Z",
            ])
    }

    @Test func `a window is told in the time of its zone`() throws {
        let rule = try WindowRule.allow([.sat], "22:00", "23:00", "Asia/Kolkata")
        #expect(
            try rule.spans(from: "2026-07-08T00:00Z", days: 7) == [
                "2026-07-11T16:30Z/2026-07-11T17:30Z"
            ])
    }

    @Test func `a weekday is that of the zone, not of UTC`() throws {
        let kiritimati = try WindowRule.allow([.mon], "01:00", "02:00", "Pacific/Kiritimati")
        #expect(
            try kiritimati.spans(from: "2026-07-08T00:00Z", days: 7) == [
                "2026-07-12T11:00Z/2026-07-12T12:00Z"
            ])
        let honolulu = try WindowRule.allow([.sun], "20:00", "21:00", "Pacific/Honolulu")
        #expect(
            try honolulu.spans(from: "2026-07-08T00:00Z", days: 7) == [
                "2026-07-13T06:00Z/2026-07-13T07:00Z"
            ])
    }

    @Test func `a window that ends no later than it begins ends on the day after`() throws {
        let rule = try WindowRule.allow(weekend, "22:00", "04:00", "Europe/Berlin")
        #expect(
            try rule.spans(from: "2026-07-08T00:00Z", days: 7) == [
                "2026-07-11T20:00Z/2026-07-12T02:00Z", "2026-07-12T20:00Z/2026-07-13T02:00Z",
            ])
    }

    @Test(arguments: ["00:00", "06:30"])
    func `days from one time to the same time join into one span`(time: String) throws {
        let rule = try WindowRule.allow(weekend, time, time, "UTC")
        #expect(
            try rule.spans(from: "2026-07-08T00:00Z", days: 7) == [
                "2026-07-11T\(time)Z/2026-07-13T\(time)Z"
            ])
    }

    @Test func `a rule for all day every day has no hole`() throws {
        let rule = try WindowRule.deny(everyDay, "00:00", "00:00", "Europe/Berlin")
        let times = try rule.spans(from: "2026-07-08T00:00Z", days: 800)
        #expect(times.count == 1)
    }

    @Test func `a window under way is told from its beginning`() throws {
        let rule = try WindowRule.allow([.fri], "20:00", "19:00", "America/New_York")
        #expect(
            try rule.spans(from: "2026-07-11T22:59Z", days: 1) == [
                "2026-07-11T00:00Z/2026-07-11T23:00Z"
            ])
    }

    @Test func `joined days are told from the first to the last, wherever they are`() throws {
        let workdays: [Weekday] = [.mon, .tue, .wed, .thu, .fri, .sat]
        let honolulu = try WindowRule.allow(workdays, "20:00", "20:00", "Pacific/Honolulu")
        #expect(
            try honolulu.spans(from: "2026-07-14T05:59Z", days: 0) == [
                "2026-07-07T06:00Z/2026-07-13T06:00Z"
            ])
        let kiritimati = try WindowRule.allow(workdays, "01:00", "01:00", "Pacific/Kiritimati")
        #expect(
            try kiritimati.spans(from: "2026-07-12T11:01Z", days: 0) == [
                "2026-07-12T11:00Z/2026-07-18T11:00Z"
            ])
    }

    @Test func `windows that ended a day ago or begin after the end are left out`() throws {
        let rule = try WindowRule.allow(everyDay, "10:00", "11:00", "UTC")
        #expect(
            try rule.spans(from: "2026-07-08T11:00Z", days: 1) == [
                "2026-07-08T10:00Z/2026-07-08T11:00Z", "2026-07-09T10:00Z/2026-07-09T11:00Z",
            ])
    }

    @Test func `a window at the end is told whole`() throws {
        let rule = try WindowRule.deny([.fri, .sat, .sun], "00:00", "00:00", "UTC")
        #expect(
            try rule.spans(from: "2026-07-06T00:00Z", days: 5) == [
                "2026-07-03T00:00Z/2026-07-06T00:00Z", "2026-07-10T00:00Z/2026-07-13T00:00Z",
            ])
    }

    @Test func `a rule on no day never holds`() throws {
        let rule = try WindowRule.allow([], "00:00", "00:00", "UTC")
        #expect(try rule.spans(from: "2026-07-06T00:00Z", days: 30) == [])
    }
}

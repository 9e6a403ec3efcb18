import FleetModel
import Testing

/// Where a change of the clock meets the border of two days, or swallows a day. The moments are
/// those of Python's `zoneinfo`.
struct MidnightChangeTests {
    let weekend: [Weekday] = [.sat, .sun]

    // MARK: Midnight is skipped.

    @Test func `São Paulo's Sunday began at one o'clock`() throws {
        for rule in try both([.sun], "00:00", "04:00", "America/Sao_Paulo") {
            #expect(
                try rule.spans(from: "2018-11-02T06:00Z", days: 3) == [
                    "2018-11-04T03:00Z/2018-11-04T06:00Z"
                ])
        }
        for rule in try both([.sat], "22:00", "00:30", "America/Sao_Paulo") {
            #expect(
                try rule.spans(from: "2018-11-02T06:00Z", days: 3) == [
                    "2018-11-04T01:00Z/2018-11-04T03:00Z"
                ])
        }
    }

    @Test(arguments: [
        ("America/Sao_Paulo", "2018-11-02T06:00Z", "2018-11-03T03:00Z/2018-11-05T02:00Z"),
        ("America/Havana", "2026-03-06T06:00Z", "2026-03-07T05:00Z/2026-03-09T04:00Z"),
        ("Asia/Beirut", "2026-03-27T06:00Z", "2026-03-27T22:00Z/2026-03-29T21:00Z"),
    ])
    func `a weekend whose midnight is skipped is one span`(
        zone: String, now: String, span: String
    ) throws {
        for rule in try both(weekend, "00:00", "00:00", zone) {
            #expect(try rule.spans(from: now, days: 3) == [span])
        }
    }

    @Test func `Cairo's Friday began at one o'clock`() throws {
        for rule in try both([.thu, .fri], "00:00", "00:00", "Africa/Cairo") {
            #expect(
                try rule.spans(from: "2026-04-22T06:00Z", days: 3) == [
                    "2026-04-22T22:00Z/2026-04-24T21:00Z"
                ])
        }
    }

    // MARK: Midnight, or the hour before it, comes twice.

    @Test(arguments: [
        ("America/Havana", "2026-10-30T06:00Z", "2026-10-31T04:00Z/2026-11-02T05:00Z"),
        ("Asia/Beirut", "2026-10-23T06:00Z", "2026-10-23T21:00Z/2026-10-25T22:00Z"),
        ("America/Sao_Paulo", "2019-02-15T06:00Z", "2019-02-16T02:00Z/2019-02-18T03:00Z"),
        ("America/St_Johns", "2010-11-05T06:00Z", "2010-11-06T02:30Z/2010-11-08T03:30Z"),
    ])
    func `a weekend whose midnight comes twice has no hole`(
        zone: String, now: String, span: String
    ) throws {
        for rule in try both(weekend, "00:00", "00:00", zone) {
            #expect(try rule.spans(from: now, days: 3) == [span])
        }
    }

    @Test func `a Saturday ends at the first midnight, a Sunday begins at the second`() throws {
        #expect(
            try WindowRule.allow([.sat], "00:00", "00:00", "America/Havana")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-10-31T04:00Z/2026-11-01T04:00Z"
                ])
        #expect(
            try WindowRule.allow([.sun], "00:00", "00:00", "America/Havana")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-11-01T05:00Z/2026-11-02T05:00Z"
                ])
    }

    @Test func `a denied Saturday ends at the second midnight, a Sunday begins at the first`()
        throws
    {
        #expect(
            try WindowRule.deny([.sat], "00:00", "00:00", "America/Havana")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-10-31T04:00Z/2026-11-01T05:00Z"
                ])
        #expect(
            try WindowRule.deny([.sun], "00:00", "00:00", "America/Havana")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-11-01T04:00Z/2026-11-02T05:00Z"
                ])
    }

    /// St. John's put its clock from 00:01 on Sunday back to 23:01 on Saturday.
    @Test func `a clock put back across midnight repeats both sides of it`() throws {
        #expect(
            try WindowRule.allow([.sat], "23:30", "04:00", "America/St_Johns")
                .spans(from: "2010-11-05T06:00Z", days: 3) == [
                    "2010-11-07T03:00Z/2010-11-07T07:30Z"
                ])
        #expect(
            try WindowRule.deny([.sat], "22:00", "00:00", "America/St_Johns")
                .spans(from: "2010-11-05T06:00Z", days: 3) == [
                    "2010-11-07T00:30Z/2010-11-07T03:30Z"
                ])
        #expect(
            try WindowRule.allow([.sat], "23:30", "00:00", "America/St_Johns")
                .spans(from: "2010-11-05T06:00Z", days: 3) == [])
    }

    // MARK: Samoa had no 30 December 2011.

    @Test func `a window on a day that was left out does not come`() throws {
        for rule in try both([.fri], "09:00", "17:00", "Pacific/Apia") {
            #expect(
                try rule.spans(from: "2011-12-23T06:00Z", days: 15) == [
                    "2011-12-23T19:00Z/2011-12-24T03:00Z", "2012-01-05T19:00Z/2012-01-06T03:00Z",
                ])
        }
        for rule in try both([.fri], "00:00", "00:00", "Pacific/Apia") {
            #expect(try rule.spans(from: "2011-12-29T06:00Z", days: 3) == [])
        }
    }

    @Test func `a window into a day that was left out ends with the day before`() throws {
        for rule in try both([.thu], "22:00", "04:00", "Pacific/Apia") {
            #expect(
                try rule.spans(from: "2011-12-29T06:00Z", days: 3) == [
                    "2011-12-30T08:00Z/2011-12-30T10:00Z"
                ])
        }
    }

    @Test func `a span around a day that was left out is shorter by it`() throws {
        for effect in WindowRule.Effect.allCases {
            let around = try WindowRule.once(
                effect, "2011-12-29 12:00", "2011-12-31 12:00", "Pacific/Apia")
            #expect(
                try around.spans(from: "2026-07-06T00:00Z", days: 1) == [
                    "2011-12-29T22:00Z/2011-12-30T22:00Z"
                ])
            let within = try WindowRule.once(
                effect, "2011-12-30 09:00", "2011-12-30 17:00", "Pacific/Apia")
            #expect(try within.spans(from: "2026-07-06T00:00Z", days: 1) == [])
        }
    }
}

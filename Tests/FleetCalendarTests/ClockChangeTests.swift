import FleetModel
import Testing

/// Where a clock is put forward or back: in doubt, closed. The moments are those of Python's
/// `zoneinfo`.
struct ClockChangeTests {
    // MARK: Put forward: 02:30 in Berlin on 29 March 2026 and on 28 March 2027 does not exist.

    @Test func `a time that the clock skips counts as the moment of the change`() throws {
        for rule in try both([.sun], "02:30", "04:00", "Europe/Berlin") {
            #expect(
                try rule.spans(from: "2026-03-22T06:00Z", days: 17) == [
                    "2026-03-22T01:30Z/2026-03-22T03:00Z", "2026-03-29T01:00Z/2026-03-29T02:00Z",
                    "2026-04-05T00:30Z/2026-04-05T02:00Z",
                ])
            #expect(
                try rule.spans(from: "2027-03-27T06:00Z", days: 3) == [
                    "2027-03-28T01:00Z/2027-03-28T02:00Z"
                ])
        }
        for rule in try both([.sun], "01:00", "02:30", "Europe/Berlin") {
            #expect(
                try rule.spans(from: "2026-03-27T06:00Z", days: 3) == [
                    "2026-03-29T00:00Z/2026-03-29T01:00Z"
                ])
        }
    }

    @Test func `a window of skipped times alone does not come that day`() throws {
        for rule in try both([.sun], "02:15", "02:45", "Europe/Berlin") {
            #expect(try rule.spans(from: "2026-03-27T06:00Z", days: 3) == [])
        }
    }

    @Test func `New York skips half past two in March`() throws {
        for rule in try both([.sun], "02:30", "04:00", "America/New_York") {
            #expect(
                try rule.spans(from: "2026-03-06T06:00Z", days: 4) == [
                    "2026-03-08T07:00Z/2026-03-08T08:00Z"
                ])
        }
    }

    // MARK: Put back: 02:30 in Berlin on 25 October 2026 and on 31 October 2027 comes twice.

    @Test func `an allow opens when a repeated time comes last, a deny when it comes first`() throws
    {
        #expect(
            try WindowRule.allow([.sun], "02:30", "04:00", "Europe/Berlin")
                .spans(from: "2026-10-18T06:00Z", days: 17) == [
                    "2026-10-18T00:30Z/2026-10-18T02:00Z", "2026-10-25T01:30Z/2026-10-25T03:00Z",
                    "2026-11-01T01:30Z/2026-11-01T03:00Z",
                ])
        #expect(
            try WindowRule.deny([.sun], "02:30", "04:00", "Europe/Berlin")
                .spans(from: "2027-10-29T06:00Z", days: 3) == [
                    "2027-10-31T00:30Z/2027-10-31T03:00Z"
                ])
    }

    @Test func `an allow closes when a repeated time comes first, a deny when it comes last`()
        throws
    {
        #expect(
            try WindowRule.allow([.sun], "01:00", "02:30", "Europe/Berlin")
                .spans(from: "2027-10-29T06:00Z", days: 3) == [
                    "2027-10-30T23:00Z/2027-10-31T00:30Z"
                ])
        #expect(
            try WindowRule.deny([.sun], "01:00", "02:30", "Europe/Berlin")
                .spans(from: "2026-10-23T06:00Z", days: 3) == [
                    "2026-10-24T23:00Z/2026-10-25T01:30Z"
                ])
    }

    @Test func `within the repeated hour an allow does not open and a deny holds throughout`()
        throws
    {
        #expect(
            try WindowRule.allow([.sun], "02:15", "02:45", "Europe/Berlin")
                .spans(from: "2026-10-23T06:00Z", days: 3) == [])
        #expect(
            try WindowRule.deny([.sun], "02:15", "02:45", "Europe/Berlin")
                .spans(from: "2026-10-23T06:00Z", days: 3) == [
                    "2026-10-25T00:15Z/2026-10-25T01:45Z"
                ])
    }

    @Test func `the hour's very edges: two comes twice, three comes once`() throws {
        #expect(
            try WindowRule.allow([.sun], "02:00", "03:00", "Europe/Berlin")
                .spans(from: "2026-10-23T06:00Z", days: 3) == [
                    "2026-10-25T01:00Z/2026-10-25T02:00Z"
                ])
        #expect(
            try WindowRule.allow([.sun], "01:00", "02:00", "Europe/Berlin")
                .spans(from: "2026-10-23T06:00Z", days: 3) == [
                    "2026-10-24T23:00Z/2026-10-25T00:00Z"
                ])
    }

    @Test func `a window around the change lasts an hour longer or shorter`() throws {
        let rule = try WindowRule.allow([.sat], "22:00", "06:00", "America/New_York")
        #expect(
            try rule.spans(from: "2026-10-30T06:00Z", days: 3) == [
                "2026-11-01T02:00Z/2026-11-01T11:00Z"
            ])
        #expect(
            try rule.spans(from: "2026-03-06T06:00Z", days: 3) == [
                "2026-03-08T03:00Z/2026-03-08T10:00Z"
            ])
    }

    @Test func `New York repeats half past one in November`() throws {
        #expect(
            try WindowRule.allow([.sun], "01:30", "03:00", "America/New_York")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-11-01T06:30Z/2026-11-01T08:00Z"
                ])
        #expect(
            try WindowRule.deny([.sun], "00:30", "01:30", "America/New_York")
                .spans(from: "2026-10-30T06:00Z", days: 3) == [
                    "2026-11-01T04:30Z/2026-11-01T06:30Z"
                ])
    }

    // MARK: By half an hour

    @Test func `Lord Howe repeats half an hour in April`() throws {
        #expect(
            try WindowRule.allow([.sun], "01:45", "03:00", "Australia/Lord_Howe")
                .spans(from: "2026-04-03T06:00Z", days: 3) == [
                    "2026-04-04T15:15Z/2026-04-04T16:30Z"
                ])
        #expect(
            try WindowRule.deny([.sun], "01:45", "03:00", "Australia/Lord_Howe")
                .spans(from: "2026-04-03T06:00Z", days: 3) == [
                    "2026-04-04T14:45Z/2026-04-04T16:30Z"
                ])
    }

    @Test func `Lord Howe skips half an hour in October`() throws {
        for rule in try both([.sun], "02:15", "03:00", "Australia/Lord_Howe") {
            #expect(
                try rule.spans(from: "2026-10-02T06:00Z", days: 3) == [
                    "2026-10-03T15:30Z/2026-10-03T16:00Z"
                ])
        }
    }
}

/// The rule as an allow and as a deny.
func both(_ days: [Weekday], _ from: String, _ to: String, _ zone: String) throws -> [WindowRule] {
    [try .allow(days, from, to, zone), try .deny(days, from, to, zone)]
}

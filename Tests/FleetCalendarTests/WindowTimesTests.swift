import FleetCalendar
import FleetModel
import Testing

struct WindowTimesTests {
    let freeze = ("2026-12-18 18:00", "2027-01-04 06:00")

    @Test func `a policy without windows has no times`() throws {
        #expect(try WindowTimes(of: nil, from: Timestamp(text: "2026-07-06T00:00Z")) == .none)
    }

    @Test func `every rule has its times, in the order of the rules`() throws {
        let windows = Windows([
            try .deny([.mon], "00:00", "00:00", "UTC"), try .allow([], "00:00", "00:00", "UTC"),
            try .allow([.tue], "12:00", "13:00", "UTC"),
        ])
        let times = try WindowTimes(
            of: windows, from: Timestamp(text: "2026-07-05T12:00Z"), for: .seconds(4 * 86_400))
        let day = try Timestamp(text: "2026-07-06T00:00Z")..<Timestamp(text: "2026-07-07T00:00Z")
        let noon = try Timestamp(text: "2026-07-07T12:00Z")..<Timestamp(text: "2026-07-07T13:00Z")
        #expect(times == WindowTimes([OpenHours([day]), OpenHours([]), OpenHours([noon])]))
    }

    @Test func `windows are told for 800 days unless said otherwise`() throws {
        let windows = Windows([try .allow([.sat], "12:00", "13:00", "UTC")])
        let times = try WindowTimes(of: windows, from: Timestamp(text: "2026-07-06T00:00Z"))
        #expect(times.rules[0].spans.first?.lowerBound.text == "2026-07-11T12:00Z")
        #expect(times.rules[0].spans.last?.lowerBound.text == "2028-09-09T12:00Z")
        #expect(times.rules[0].spans.count == 114)
    }

    @Test(arguments: ["1970-01-01T00:00Z", "2026-12-20T00:00Z", "2040-01-01T00:00Z"])
    func `a rule with dates holds on those, whatever the time is now`(now: String) throws {
        for effect in WindowRule.Effect.allCases {
            let rule = try WindowRule.once(effect, freeze.0, freeze.1, "Europe/Berlin")
            #expect(
                try rule.spans(from: now, days: 1) == ["2026-12-18T17:00Z/2027-01-04T05:00Z"])
        }
    }

    @Test func `dates in the repeated hour shrink an allow and stretch a deny`() throws {
        let (from, to) = ("2026-10-25 02:30", "2027-10-31 02:30")
        #expect(
            try WindowRule.once(.allow, from, to, "Europe/Berlin")
                .spans(from: "2026-07-06T00:00Z", days: 1) == [
                    "2026-10-25T01:30Z/2027-10-31T00:30Z"
                ])
        #expect(
            try WindowRule.once(.deny, from, to, "Europe/Berlin")
                .spans(from: "2026-07-06T00:00Z", days: 1) == [
                    "2026-10-25T00:30Z/2027-10-31T01:30Z"
                ])
    }

    @Test func `dates that end before they begin hold never`() throws {
        let rule = try WindowRule.once(.deny, freeze.1, freeze.0, "Europe/Berlin")
        #expect(try rule.spans(from: "2026-07-06T00:00Z", days: 1) == [])
    }

    @Test(arguments: ["Europe/Berln", "Mars/Olympus_Mons", "europe/berlin", ""])
    func `a zone that this machine does not know is named`(zone: String) throws {
        let rule = try WindowRule.allow([.sat], "12:00", "13:00", zone)
        #expect(throws: UnknownZone(zone)) { try rule.spans(from: "2026-07-06T00:00Z", days: 1) }
    }

    @Test func `an unknown zone reads as a letter to the operator`() {
        #expect(
            UnknownZone("Mars/Olympus_Mons").description == """
                error: this machine knows no time zone "Mars/Olympus_Mons"
                hint: name another place in the policy's `windows`, such as `Europe/Berlin`, \
                and plan again
                """)
    }

    @Test func `a zone may be called by its old name`() throws {
        let old = try WindowRule.allow([.sat], "12:00", "13:00", "Asia/Calcutta")
        let new = try WindowRule.allow([.sat], "12:00", "13:00", "Asia/Kolkata")
        #expect(
            try old.spans(from: "2026-07-06T00:00Z", days: 30)
                == new.spans(from: "2026-07-06T00:00Z", days: 30))
    }
}

import FleetConfig
import FleetModel
import Testing

struct WindowReaderTests {
    @Test func `a policy without windows may change clusters at any time`() throws {
        #expect(try policy("maxFailures: 1").windows == nil)
    }

    @Test func `every key of the windows is read`() throws {
        let policy = try policy(
            """
            windows:
              overrun: drainToSafePoint
              margin: 1h30m
              allow:
                - days: [fri, sat]
                  from: "22:00"
                  to: "04:00"
                  zone: Europe/Berlin
                  clusters: {matchLabels: {environment: production}}
                  phases: [retire]
              deny:
                - from: "2026-12-18 18:00"
                  to: "2027-01-04 08:00"
                  zone: America/New_York
            """)
        let allowed = WindowRule(
            .allow, .weekly([.fri, .sat], from: try time(22), to: try time(4)),
            zone: "Europe/Berlin", clusters: Selector(matchLabels: ["environment": "production"]),
            phases: ["retire"])
        let denied = WindowRule(
            .deny,
            .once(
                from: try moment(2026, 12, 18, try time(18)),
                to: try moment(2027, 1, 4, try time(8))),
            zone: "America/New_York")
        #expect(
            policy.windows
                == Windows([allowed, denied], overrun: .drainToSafePoint, margin: .minutes(90)))
    }

    @Test func `what is left out is what most want`() throws {
        let windows = try windows("allow: [{from: 22:00, to: 23:30, zone: UTC}]")
        #expect(windows.overrun == .finish)
        #expect(windows.margin == .minutes(15))
        let rule = WindowRule(
            .allow,
            .weekly(Weekday.allCases, from: try time(22), to: try time(23, 30)), zone: "UTC",
            clusters: nil, phases: ["takeover", "retire"])
        #expect(windows.rules == [rule])
    }

    @Test func `allowed spans come before denied ones, each in the order they are written`() throws
    {
        let windows = try windows(
            """
            deny: [{from: 01:00, to: 02:00, zone: UTC}]
              allow:
                - {from: 03:00, to: 04:00, zone: UTC}
                - {from: 02:00, to: 03:00, zone: UTC}
            """)
        #expect(
            windows.rules.map(\.description) == [
                "allow daily 03:00-04:00 UTC", "allow daily 02:00-03:00 UTC",
                "deny daily 01:00-02:00 UTC",
            ])
    }

    @Test(arguments: [
        ("from: 22:00, to: 04:00", "daily 22:00-04:00"),
        ("from: \"22:00\", to: '04:00'", "daily 22:00-04:00"),
        ("from: 00:00, to: 24:00", "daily 00:00-00:00"),
        ("from: 08:30, to: \"24:00\"", "daily 08:30-00:00"),
        ("from: 12:00, to: 12:00", "daily 12:00-12:00"),
        ("days: [sun, mon, sat], from: 01:00, to: 02:00", "mon, sat, sun 01:00-02:00"),
        ("days: [\"tue\"], from: 01:00, to: 02:00", "tue 01:00-02:00"),
        (
            "from: 2026-12-18 18:00, to: 2027-01-04 08:00",
            "2026-12-18 18:00 to 2027-01-04 08:00"
        ),
        ("from: 2026-12-18, to: 2026-12-19", "2026-12-18 00:00 to 2026-12-19 00:00"),
        ("from: 2028-02-29, to: \"2028-02-29 00:01\"", "2028-02-29 00:00 to 2028-02-29 00:01"),
    ])
    func `a span is written in times of day or in dates`(written: String, span: String) throws {
        let windows = try windows("allow: [{\(written), zone: UTC}]")
        #expect(windows.rules.map(\.span.description) == [span])
    }

    @Test(arguments: ["0s", "24h", "1d"])
    func `a margin may be nothing and up to a day`(margin: String) throws {
        let windows = try windows(
            "margin: \(margin)\n  deny: [{from: 22:00, to: 23:00, zone: UTC}]")
        #expect(windows.margin == (margin == "0s" ? .zero : .seconds(86_400)))
    }

    @Test func `all phases may have windows, in the order they are written`() throws {
        let windows = try windows(
            "allow: [{from: 1970-01-01, to: 9999-12-31, zone: UTC, "
                + "phases: [retire, prepare, takeover]}]")
        #expect(windows.rules.first?.phases == ["retire", "prepare", "takeover"])
    }

    @Test func `a rule can be found again`() throws {
        let text =
            "rollout: a\nwaves: [1, rest]\nwindows:\n  deny: [{from: 22:00, to: 23:00, zone: UTC}]"
        let sources = try PolicyReader(files: MemoryFiles(["a.yaml": text])).read("a.yaml").sources
        #expect(sources["windows", "deny", "0", "to"]?.description == "a.yaml:4:28")
    }

    private func windows(_ text: String) throws -> Windows {
        try #require(try policy("windows:\n  \(text)").windows)
    }

    private func policy(_ text: String) throws -> Policy {
        let text = "rollout: a\nwaves: [1, rest]\n\(text)"
        return try PolicyReader(files: MemoryFiles(["a.yaml": text])).read("a.yaml").value
    }

    private func time(_ hour: Int, _ minute: Int = 0) throws -> TimeOfDay {
        try #require(TimeOfDay(hour: hour, minute: minute))
    }

    private func moment(
        _ year: Int, _ month: Int, _ day: Int, _ time: TimeOfDay
    ) throws -> LocalTime {
        try #require(LocalTime(year: year, month: month, day: day, time))
    }
}

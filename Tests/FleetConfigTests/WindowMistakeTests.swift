import FleetConfig
import Testing

struct WindowMistakeTests {
    @Test func `all mistakes of the windows come out together, by place`() {
        let complaint = windows(
            """
            margin: 25h
              allow:
                - {days: [fri, sat, fri], from: 22:00, to: 2026-12-18, zone: CET}
              deny:
                - {from: 2026-12-18, phases: []}
            """)
        #expect(
            complaint == """
                error: `margin` should be from 0s to 1d 0h, got: "25h"
                  at careful.yaml:4:11

                error: day "fri" is listed twice, first at careful.yaml:6:15
                  at careful.yaml:6:25
                hint: keep one of the two

                error: entry 1 of `allow` has a time of day and a date
                  at careful.yaml:6:48
                hint: write both as `22:00`, for every week, or both as `2026-12-18 22:00`, for once

                error: `zone` should be a time zone by its IANA name, got: "CET"
                  at careful.yaml:6:66
                hint: name a place, such as `Europe/Berlin`, or write `UTC`: nothing else says \
                when summer time begins

                error: entry 1 of `deny` needs the key `to`
                  at careful.yaml:8:7
                hint: write a time of day such as `22:00`, or a date such as `2026-12-18 18:00`

                error: entry 1 of `deny` needs the key `zone`
                  at careful.yaml:8:7
                hint: name a place, such as `zone: Europe/Berlin`

                error: `phases` names no phase
                  at careful.yaml:8:34
                hint: leave it out for `takeover` and `retire`

                7 mistakes in 1 file.
                """)
    }

    @Test(arguments: [
        (
            "{}",
            "`windows` has no rule\n  at careful.yaml:3:10\n"
                + "hint: write an entry under `allow` or `deny`, or leave `windows` out"
        ),
        ("{margin: 1m, overrun: finish}", "`windows` has no rule"),
        (
            "{allow: []}",
            "`allow` has no entries\n  at careful.yaml:3:18\nhint: write one, or leave `allow` out"
        ),
        ("{deny: []}", "`deny` has no entries"),
        ("{deny: }", "`deny` should be given a value or left out, got: nothing"),
        ("{allow: {from: 22:00}}", "`allow` should be a list, got: a mapping"),
        ("{allow: [22:00]}", "`allow` should be a mapping, got: \"22:00\""),
        ("[]", "`windows` should be a mapping, got: a list"),
        ("22:00-04:00", "`windows` should be a mapping, got: \"22:00-04:00\""),
        (
            "{alow: []}",
            "`windows` has no key `alow`\n  at careful.yaml:3:11\n"
                + "hint: did you mean `allow`?"
        ),
        (
            "{overrun: drain}", "`overrun` should be `finish` or `drainToSafePoint`, got: \"drain\""
        ),
        ("{margin: 15}", "`margin` should be a duration such as `90s` or `1h30m`, got: 15"),
        (
            "{margin: 1d1s, deny: [{from: 22:00, to: 04:00, zone: UTC}]}",
            "`margin` should be from 0s to 1d 0h, got: \"1d1s\""
        ),
    ])
    func `windows that can't be are said in one clause`(text: String, problem: String) throws {
        let complaint = try #require(
            Complaint.policy("rollout: a\nwaves: [1, rest]\nwindows: \(text)"))
        #expect(complaint.contains("error: \(problem)"))
    }

    @Test func `more entries than anybody reads are refused`() throws {
        let entry = "{from: 22:00, to: 04:00, zone: UTC}"
        let entries = Array(repeating: entry, count: 1_001).joined(separator: ", ")
        #expect(
            windows("deny: [\(entries)]") == """
                error: `deny` should be at most 1000 entries, got: 1001
                  at careful.yaml:4:9
                """)
    }

    @Test(arguments: [
        ("fry", "fri"), ("Friday", "fri"), ("FRI", "fri"), ("thurs", "thu"), ("Sa", "sat"),
    ])
    func `a day that isn't one of seven words is told the nearest`(day: String, nearest: String) {
        #expect(
            entry("days: [\(day)], from: 22:00, to: 04:00, zone: UTC") == """
                error: `days` should be `mon` or `tue` or `wed` or `thu` or `fri` or `sat` or \
                `sun`, got: "\(day)"
                  at careful.yaml:5:15
                hint: did you mean `\(nearest)`?
                """)
    }

    @Test(arguments: [
        ("days: []", "`days` names no day", "leave it out for every day"),
        ("days: fri", "`days` should be a list, got: \"fri\"", nil),
        ("days: [[fri]]", "`days` should be `mon` or `tue` or `wed` or `thu` or", nil),
        (
            "days: [sat, mon, sat]", "day \"sat\" is listed twice, first at careful.yaml:5:50",
            "keep one of the two"
        ),
        ("phases: []", "`phases` names no phase", "leave it out for `takeover` and `retire`"),
        (
            "phases: [retier]", "`phases` should be `prepare` or `takeover` or `retire`, got:",
            "did you mean `retire`?"
        ),
        (
            "phases: [retire, retire]",
            "phase \"retire\" is listed twice, first at careful.yaml:5:52", "keep one of the two"
        ),
        (
            "clusters: {}", "the selector asks for nothing",
            "write `matchLabels` or `matchExpressions`"
        ),
        ("clusters: [a]", "`clusters` should be a mapping, got: a list", nil),
        ("day: [fri]", "entry 1 of `allow` has no key `day`", "did you mean `days`?"),
    ])
    func `what an entry is about is checked`(text: String, problem: String, hint: String?) throws {
        let complaint = try #require(entry("from: 22:00, to: 04:00, zone: UTC, \(text)"))
        #expect(complaint.contains("error: \(problem)"))
        #expect(complaint.contains("hint: ") == (hint != nil))
        #expect(complaint.hasSuffix(hint.map { "hint: \($0)" } ?? ""))
    }

    @Test(arguments: [
        "22", "22:0", "9:00", "22.00", "22:00:00", "10pm", "-1:00", "22:00 ", "٢٢:٠٠",
        "2026-12-18T18:00", "2026-12-18  18:00", "18.12.2026", "2026-1-1", "26-12-18",
        "2026-12-18 18:00 CET", "2026-12-18 18", "", "fri",
    ])
    func `an end is written in one of three forms`(text: String) throws {
        let complaint = try #require(entry("from: \"\(text)\", to: 04:00, zone: UTC"))
        #expect(complaint.contains("error: `from` should be a time of day or a date, got: \""))
        #expect(complaint.contains("  at careful.yaml:5:14\n"))
        #expect(
            complaint.hasSuffix(
                "hint: write it such as `22:00`, `2026-12-18 18:00` or `2026-12-18`"))
    }

    @Test(arguments: [
        ("from: 24:00, to: 04:00", "`from` should be from 00:00 to 23:59, got: \"24:00\""),
        ("from: 22:60, to: 04:00", "`from` should be from 00:00 to 23:59, got: \"22:60\""),
        ("from: 22:00, to: 24:01", "`to` should be from 00:00 to 23:59, got: \"24:01\""),
        (
            "from: 2026-12-18, to: 2026-12-18 24:00",
            "`to` should be from 00:00 to 23:59, got: \"2026-12-18 24:00\""
        ),
        (
            "from: 2026-02-29, to: 2026-03-01",
            "`from` should be a day that the calendar has, from 1970 on, got: \"2026-02-29\""
        ),
        ("from: 1969-12-31, to: 2026-03-01", "`from` should be a day that the calendar has"),
        ("from: 2026-13-01, to: 2027-01-01", "`from` should be a day that the calendar has"),
        ("from: [22:00], to: 04:00", "`from` should be a time of day or a date, got: a list"),
        ("from: 22:00", "entry 1 of `allow` needs the key `to`"),
        ("to: 22:00", "entry 1 of `allow` needs the key `from`"),
        ("from: 22:00, to: 2026-12-18", "entry 1 of `allow` has a time of day and a date"),
        ("from: 2026-12-18, to: 24:00", "entry 1 of `allow` has a time of day and a date"),
        (
            "from: 2026-12-18, to: 2026-12-19, days: [fri]",
            "entry 1 of `allow` has both `days` and dates, and a date says its day itself"
        ),
        (
            "from: 2026-12-18 18:00, to: 2026-12-18",
            "`to` should be later than `from`, 2026-12-18 18:00, got: \"2026-12-18 00:00\""
        ),
        (
            "from: 2026-12-18, to: 2026-12-18",
            "`to` should be later than `from`, 2026-12-18 00:00, got: \"2026-12-18 00:00\""
        ),
    ])
    func `a span that can't be is said in one clause`(text: String, problem: String) throws {
        #expect(try #require(entry("\(text), zone: UTC")).contains("error: \(problem)"))
    }

    @Test(arguments: [
        "CET", "EST", "EST5EDT", "GMT", "GMT+2", "Z", "Etc/GMT+2", "SystemV/EST5EDT", "+02:00",
        "Mars/Olympus", "Europe", "localtime", "../UTC",
    ])
    func `a zone that doesn't say when summer time begins is refused`(zone: String) throws {
        #expect(
            entry("from: 22:00, to: 04:00, zone: \"\(zone)\"") == """
                error: `zone` should be a time zone by its IANA name, got: "\(zone)"
                  at careful.yaml:5:38
                hint: name a place, such as `Europe/Berlin`, or write `UTC`: nothing else says \
                when summer time begins
                """)
    }

    @Test(arguments: [
        ("Europe/Berln", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"), ("Singapore", "Asia/Singapore"),
        ("America/New York", "America/New_York"),
    ])
    func `a zone a slip away is told the one that is meant`(zone: String, nearest: String) throws {
        let complaint = try #require(entry("from: 22:00, to: 04:00, zone: \(zone)"))
        #expect(complaint.contains("got: \"\(zone)\"\n"))
        #expect(complaint.hasSuffix("hint: did you mean `\(nearest)`?"))
    }

    @Test(arguments: [
        "UTC", "Etc/UTC", "Europe/Berlin", "Asia/Kolkata", "US/Eastern",
        "America/Argentina/Buenos_Aires",
    ])
    func `a zone is called by its place`(zone: String) {
        #expect(entry("from: 22:00, to: 04:00, zone: \(zone)") == nil)
    }

    /// What is said about windows of one entry, on line 5 from column 8 on.
    private func entry(_ text: String) -> String? { windows("allow:\n    - {\(text)}") }

    /// What is said about windows, from line 4 and column 3 on.
    private func windows(_ text: String) -> String? {
        Complaint.policy("rollout: a\nwaves: [1, rest]\nwindows:\n  \(text)")
    }
}

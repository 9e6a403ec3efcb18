import FleetModel
import Testing

@testable import FleetConfig

struct DurationTextTests {
    @Test(arguments: [
        ("90s", 90), ("10m", 600), ("1h30m", 5_400), ("2d", 172_800), ("1d2h3m4s", 93_784),
        ("0s", 0), ("01m", 60),
    ])
    func `durations are read`(text: String, seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "s", "1", "1x", "1m1h", "1m1m", "1.5h", "-1m", "1 m", "m1", "1h 30m", "१m",
        "99999999999999999999d", "9223372036854775807d", "1M", "10mm",
    ])
    func `what is no duration is not read`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}

import FleetModel

/// What helm says of a release.
struct ReleaseRecord: Hashable, Sendable {
    let state: State
    /// How often it has been installed, upgraded and rolled back.
    let revision: Int
    /// The chart as helm names it: `istiod-1.28.0`.
    let chart: String
    let updated: Timestamp?
    /// What it was given besides the chart's own values.
    let values: JSON
    /// What helm will delete when the release goes.
    let manifest: String

    enum State: Hashable, Sendable {
        case deployed
        case failed
        /// Somebody is at it, or died at it: `pending-install`, `-upgrade` or `-rollback`.
        case pending(String)
        case other(String)

        init(_ word: String) {
            switch word {
            case "deployed": self = .deployed
            case "failed": self = .failed
            case "pending-install", "pending-upgrade", "pending-rollback": self = .pending(word)
            default: self = .other(word)
            }
        }
    }

    /// Reads an entry of `helm list` and the answer of `helm status`.
    init(entry: JSON, details: JSON) {
        state = State(entry["status"]?.string ?? "unknown")
        revision = entry["revision"]?.string.flatMap { Int($0) } ?? entry["revision"]?.int ?? 0
        chart = entry["chart"]?.string ?? ""
        updated = entry["updated"]?.string.flatMap(Timestamp.init(offsetTime:))
        let config = details["config"] ?? .null
        values = config.isNull ? [:] : config
        manifest = details["manifest"]?.string ?? ""
    }

    func isChart(of version: String) -> Bool { chart.hasSuffix("-\(version)") }
}

extension Timestamp {
    /// Reads an RFC 3339 time with an offset such as `+02:00`, or in UTC.
    init?(offsetTime text: String) {
        if let time = Timestamp(rfc3339: text) {
            self = time
            return
        }
        let offset = Array(text.suffix(6).utf8)
        guard offset.count == 6, offset[3] == UInt8(ascii: ":"),
            offset[0] == UInt8(ascii: "+") || offset[0] == UInt8(ascii: "-"),
            let hours = Int64(text.suffix(5).prefix(2)), let minutes = Int64(text.suffix(2)),
            (0..<24).contains(hours), (0..<60).contains(minutes),
            let time = Timestamp(rfc3339: text.dropLast(6) + "Z")
        else { return nil }
        let ahead = (hours * 60 + minutes) * 60_000
        let isEast = offset[0] == UInt8(ascii: "+")
        self.init(milliseconds: time.milliseconds + (isEast ? -ahead : ahead))
    }
}

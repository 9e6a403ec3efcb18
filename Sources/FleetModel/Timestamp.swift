/// A moment in wall-clock time, in milliseconds since 1970.
///
/// The journal outlives the process, so a soak that began before a crash must
/// still end on time after it. A monotonic instant could not promise that.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    public static func < (earlier: Timestamp, later: Timestamp) -> Bool {
        earlier.milliseconds < later.milliseconds
    }

    public static func + (start: Timestamp, elapsed: Duration) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + elapsed.inMilliseconds)
    }

    /// How long until then, as people say it: `in 5h 12m`, or `never`.
    public func until(_ now: Timestamp) -> String {
        self == .distantFuture ? "never" : "in \((self - now).short)"
    }

    public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    public var inMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    public static func minutes(_ minutes: Int) -> Duration { .seconds(minutes * 60) }

    /// The duration in the two largest units that matter: `2d 3h`, `12m 04s`, `48s`.
    public var short: String {
        let seconds = max(0, inMilliseconds / 1_000)
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400)
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3_600: "\(minutes)m \(padded(seconds % 60))s"
        case ..<86_400: "\(hours)h \(padded(minutes % 60))m"
        default: "\(days)d \(hours % 24)h"
        }
    }
}

private func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

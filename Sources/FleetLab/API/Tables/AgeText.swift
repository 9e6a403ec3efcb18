/// How long ago, as kubectl shows it (apimachinery's `duration.HumanDuration`).
enum AgeText {
    /// The age of a time stamp; `<unknown>` when it is none.
    static func since(_ timestamp: String?, now: LabTime) -> String {
        guard let timestamp, let then = LabTime(timestamp) else { return "<unknown>" }
        return text(seconds: Int((now - then) / 1000))
    }

    static func text(seconds: Int) -> String {
        guard seconds >= 0 else { return seconds < -1 ? "<invalid>" : "0s" }
        let minutes = seconds / 60
        let hours = minutes / 60
        let days = hours / 24
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<600: return pair(minutes, "m", seconds % 60, "s")
        case ..<(3 * 3600): return "\(minutes)m"
        case ..<(8 * 3600): return pair(hours, "h", minutes % 60, "m")
        case ..<(48 * 3600): return "\(hours)h"
        case ..<(8 * 86_400): return pair(days, "d", hours % 24, "h")
        case ..<(2 * 365 * 86_400): return "\(days)d"
        case ..<(8 * 365 * 86_400): return pair(days / 365, "y", days % 365, "d")
        default: return "\(days / 365)y"
        }
    }

    private static func pair(_ big: Int, _ bigUnit: String, _ small: Int, _ unit: String) -> String
    {
        small == 0 ? "\(big)\(bigUnit)" : "\(big)\(bigUnit)\(small)\(unit)"
    }
}

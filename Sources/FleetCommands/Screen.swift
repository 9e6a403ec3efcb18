import FleetModel
import FleetTerminal
import Foundation

/// The terminal we may be on.
enum Screen {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static var size: TerminalSize {
        TerminalSize.ofTerminal(STDOUT_FILENO) ?? fallback
    }

    static var width: Int { size.columns }

    static var style: Style {
        Style(isTerminal: isTerminal, environment: ProcessInfo.processInfo.environment)
    }

    /// Off a terminal, lines may be somewhat longer than on a small one.
    private static let fallback = TerminalSize(columns: 100, rows: 40)

    /// Seconds since midnight where the operator is.
    static func secondOfDay(_ time: Timestamp) -> Int {
        let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1_000)
        let offset = TimeZone.current.secondsFromGMT(for: date)
        let seconds = Int(time.milliseconds / 1_000) + offset
        return ((seconds % 86_400) + 86_400) % 86_400
    }
}

import Foundation

/// A session as it went, beside how it was recorded.
struct Transcript {
    let recorded: [String]
    let played: [String]

    var isAsRecorded: Bool { recorded == played }

    /// Where the two part, for the message of a failed test.
    var difference: String {
        let length = max(recorded.count, played.count)
        let parting = (0..<length).first { line(recorded, $0) != line(played, $0) } ?? length
        let context = played[max(0, parting - 3)..<min(parting, played.count)].map { "  \($0)" }
        return
            (["line \(parting + 1) differs (RECORD_SESSIONS=1 records anew)"] + context + [
                "- \(line(recorded, parting))", "+ \(line(played, parting))",
            ]).joined(separator: "\n")
    }

    private func line(_ lines: [String], _ index: Int) -> String {
        lines.indices.contains(index) ? lines[index] : "(the end)"
    }
}

import Foundation

/// Replaces in a session what is different each time: ids, times, places.
struct Masks {
    private let words: [(String, String)]

    init(project: URL, lab: URL?) {
        let host = ProcessInfo.processInfo.hostName
        words = [
            (project.path, "PROJECT"), (lab?.path ?? project.path, "LAB"),
            ("\(NSUserName())@\(host)", "OPERATOR"), (" on \(host)", " on HOST"),
        ]
    }

    func apply(to text: String) -> String {
        let named = words.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return patterns.reduce(named) { text, mask in
            text.replacingOccurrences(
                of: mask.pattern, with: mask.word, options: .regularExpression)
        }
    }

    private let patterns: [(pattern: String, word: String)] = [
        ("[0-9a-f]{64}", "SHA256"),
        ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UID"),
        (#"\d{4}-\d\d-\d\dT[0-9:.]+Z"#, "TIMESTAMP"),
        (#"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"#, "TIMESTAMP"),
        (#"\d\d:\d\d:\d\d"#, "TIME"),
        (#"process \d+"#, "process PID"),
        (#"\b([Rr]un|[Pp]lan|status|resume|approve|halt) [0-9A-HJKMNP-TV-Z]{4}\b"#, "$1 ID"),
        (#"(?m)^[0-9A-HJKMNP-TV-Z]{4}( |$)"#, "ID$1"),
        (#"(holderIdentity":")[0-9A-HJKMNP-TV-Z]{4}"#, "$1ID"),
        (#"(the journal has )[0-9A-HJKMNP-TV-Z]{4}"#, "$1ID"),
        (#"(after|since|ago|,) (\d+(ms|[smh])( \d+s)?)( ago)?"#, "$1 AWHILE$5"),
        (#"(?m)^(Run ID: .*   )\d+(ms|[smh])( \d+s)?$"#, "$1AWHILE"),
    ]
}

import FleetModel

/// A line for the shell of a bastion's user, and what it reads on stdin.
struct ShellLine: Hashable, Sendable {
    let mark: LineMark
    let text: String
    let stdin: [UInt8]
    /// Whether it goes ahead of all that wait.
    var isUrgent = false
    /// Whether stderr has marked sections too.
    var marksStderr = false

    /// sshd refuses lines of more than 34 KB; what is longer travels by stdin.
    static let longest = 30_000

    /// A line that ends with these words, or that reads them from stdin.
    ///
    /// `start` ends where a word may follow, and `rest` follows the words.
    /// `readingWords` is the start of a line that takes its words from a first line
    /// of stdin.
    init(
        _ mark: LineMark, _ start: String, readingWords: String, words: [String],
        rest: String = "", stdin: [UInt8]
    ) {
        let short = ([start] + words.map(\.shellQuoted)).joined(separator: " ") + rest
        self.mark = mark
        if short.utf8.count <= Self.longest {
            (text, self.stdin) = (short, stdin)
        } else {
            text = readingWords + rest
            self.stdin = Self.wordLine(words) + stdin
        }
    }

    init(_ mark: LineMark, _ text: String, stdin: [UInt8] = []) {
        (self.mark, self.text, self.stdin) = (mark, text, stdin)
    }

    /// Words as one line: a newline within one is `$n`, between double quotes.
    private static func wordLine(_ words: [String]) -> [UInt8] {
        let quoted = words.map(\.shellQuoted).joined(separator: " ").utf8
        return quoted.flatMap { (byte: UInt8) -> [UInt8] in
            byte == UInt8(ascii: "\n") ? Array(#"'"$n"'"#.utf8) : [byte]
        } + [UInt8(ascii: "\n")]
    }
}

import Testing

/// What came of running the program.
struct ProgramRun: Sendable {
    /// The exit status, or 128 and the signal's number as a shell has it.
    var exit: Int32
    var output: String
    var complaint: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The output without its line break, for `--quiet`.
    var word: String { lines.joined(separator: "\n") }

    /// Everything that was said, for messages of failed tests.
    var story: String { "exit \(exit)\n\(output)\(complaint)" }

    func expectSuccess() throws { try #require(exit == 0, "\(story)") }
}

/// Words that break whoever passes them through a shell unquoted.
public struct AwkwardWords {
    /// The ones that have broken something somewhere.
    public static let known = [
        "", " ", "a b", "\n", "a\nb\n", "\t", "\r\n", "'", "''", "it's", "\"", "\\", "\\\\n",
        "$HOME", "${PATH}", "$(id)", "`id`", "$$", "!", "!!", "*", "?", "[a-z]", "~", "~root",
        "a;b", "a&b", "a|b", "<", ">", "(", ")", "{}", "{a,b}", "#", "-n", "-e", "--", "-", "=",
        "a=b", "%s", "%", "\u{1}", "\u{7F}", "\u{1B}[31m", "é", "e\u{301}", "🐏", "\u{2028}",
        "\u{FEFF}", #"{"metadata":{"labels":{"istio.io/rev":"1-25"}}}"#,
    ]

    private static let alphabet = Array(
        "'\"\\$`!*?[]{}()<>|&;#~=%^-+,./:@_ \t\n\r\u{1}\u{1B}\u{7F}aZ09éß🐏\u{301}".unicodeScalars)
    private static let longest = 24

    private var generator: SeededGenerator

    /// The same seed gives the same words.
    public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    public mutating func word() -> String {
        let length = Int.random(in: 0...Self.longest, using: &generator)
        let scalars = (0..<length).compactMap { _ in Self.alphabet.randomElement(using: &generator)
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

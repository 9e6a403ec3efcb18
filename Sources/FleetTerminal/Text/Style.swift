/// What the terminal at hand can show.
public struct Style: Hashable, Sendable {
    public let hasColour: Bool
    public let hasUnicode: Bool
    /// Whether what is wider than asked is cut. A file or a pipe has no edge, and whoever reads
    /// it later can't make it wider: there, nothing is lost.
    public let cutsLines: Bool

    /// Colour needs a terminal that nobody asked to be plain; see <https://no-color.org>.
    public init(isTerminal: Bool, noColour: Bool, isUTF8: Bool, cutsLines: Bool = true) {
        hasColour = isTerminal && !noColour
        hasUnicode = isUTF8
        self.cutsLines = cutsLines
    }

    /// The style that a process's environment asks for.
    ///
    /// `NO_COLOR` counts when it is set to anything but the empty string. The
    /// character set is that of the first of `LC_ALL`, `LC_CTYPE` and `LANG`
    /// that is not empty, as POSIX has it.
    public init(isTerminal: Bool, environment: [String: String]) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty }
        let charset = (locale ?? "").lowercased()
        self.init(
            isTerminal: isTerminal,
            noColour: environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb",
            isUTF8: charset.contains("utf-8") || charset.contains("utf8"),
            cutsLines: isTerminal)
    }

    /// No colour and every sign, with an edge: for tests.
    public static let plain = Style(isTerminal: false, noColour: true, isUTF8: true)

    var symbols: Symbols { hasUnicode ? .unicode : .ascii }

    /// The text in an ink, or as it is where there is no colour.
    func paint(_ text: String, _ ink: Ink) -> String {
        guard hasColour, let code = ink.code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

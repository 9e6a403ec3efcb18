import Glibc

/// How many columns and rows a terminal has.
public struct TerminalSize: Hashable, Sendable {
    public let columns: Int
    public let rows: Int

    public init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }

    /// What a terminal has that does not say: the DEC VT100's.
    public static let fallback = TerminalSize(columns: 80, rows: 24)

    /// The size of the terminal behind a file descriptor; `nil` when there is
    /// none, or when it does not know its size, as over some serial lines.
    public static func ofTerminal(_ descriptor: Int32) -> TerminalSize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return nil }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

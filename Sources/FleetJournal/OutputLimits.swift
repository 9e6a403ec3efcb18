import FleetModel

/// How much of the commands' output a journal keeps, in bytes.
///
/// An output that is longer than ``inline`` goes to a file of its own beside
/// the journal, and the journal keeps its two ends.
public struct OutputLimits: Hashable, Sendable {
    /// Of one stream, in the journal itself. All but a few outputs are shorter.
    public var inline: Int
    /// Of one stream, in a file. The tail of a longer one is in the journal still.
    public var file: Int
    /// Of all the commands of a run together. Past it only ``brief`` is kept of
    /// each stream, so that a chatty step can't fill the disk that the events need.
    public var run: Int
    /// Of one stream when the run has spent its room: enough for an error message.
    public var brief: Int
    /// Of a command's standard input.
    public var stdin: Int

    public init(
        inline: Int = 64 << 10, file: Int = 8 << 20, run: Int = 512 << 20, brief: Int = 2 << 10,
        stdin: Int = 4 << 10
    ) {
        precondition(
            min(inline, file, run, brief, stdin) >= 0, "No output can be shorter than nothing.")
        (self.inline, self.file, self.run) = (inline, file, run)
        (self.brief, self.stdin) = (brief, stdin)
    }

    /// A standard input as the record shows it.
    func shortened(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > stdin else { return text }
        let digest = SHA256.hexadecimal(bytes)
        return String(decoding: bytes.prefix(stdin), as: UTF8.self)
            + "\n[… \(bytes.count) bytes in all, SHA-256 \(digest)]\n"
    }
}

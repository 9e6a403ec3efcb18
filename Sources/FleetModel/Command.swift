/// One command to run, as a value: nothing of it is ever read by a shell.
public struct Command: Hashable, Sendable, Codable {
    /// The tool's name and its arguments.
    public var argv: [String]
    public var stdin: String?
    public var place: Place
    /// How long it may run before it is stopped: TERM, then KILL.
    public var deadline: Duration
    /// Whether it changes anything. What does is started so that it, and the
    /// knowledge of how it ended, survive us.
    public var isMutating: Bool
    /// Texts that must not be seen in any record of the command.
    public var redactions: [String]
    /// What the command is for, as a short clause.
    public var purpose: String

    public init(
        _ argv: [String], stdin: String? = nil, place: Place = .local,
        deadline: Duration = .seconds(60), isMutating: Bool, redactions: [String] = [],
        purpose: String = ""
    ) {
        precondition(!argv.isEmpty, "A command needs at least a tool to run.")
        self.argv = argv
        self.stdin = stdin
        self.place = place
        self.deadline = deadline
        self.isMutating = isMutating
        self.redactions = redactions
        self.purpose = purpose
    }

    /// Where a command runs.
    public enum Place: Hashable, Sendable, Codable {
        case local
        case bastion(BastionName)
    }
}

extension Command {
    /// The command as a person could type it into a POSIX shell.
    public var shellLine: String { argv.map(\.shellQuoted).joined(separator: " ") }

    /// What stands in a record where something must not be seen. As one of a command's
    /// redactions it says that there were some, which are no longer known.
    public static let redactionMark = "[REDACTED]"

    /// A text with everything that must not be seen replaced.
    public func redacted(_ text: String) -> String {
        redactions.reduce(text) { text, secret in text.replacing(secret) }
    }
}

extension String {
    /// The string as one word of a POSIX shell: as it is when that is safe,
    /// else between single quotes, each single quote of its own as `'\''`.
    ///
    /// Byte by byte, for scripts of kilobytes are quoted for every command.
    public var shellQuoted: String {
        let isPlain = !isEmpty && utf8.allSatisfy { plainInShell.contains($0) }
        guard !isPlain else { return self }
        var quoted = [singleQuote]
        for byte in utf8 {
            quoted.append(byte)
            if byte == singleQuote { quoted += #"\''"#.utf8 }
        }
        return String(decoding: quoted + [singleQuote], as: UTF8.self)
    }

    /// Compares scalars, not characters: a secret before a combining mark is
    /// another text to Swift, and still the secret.
    fileprivate func replacing(_ text: String) -> String {
        guard !text.isEmpty else { return self }
        var result = UnicodeScalarView()
        var rest = unicodeScalars[...]
        while let range = rest.firstRange(of: text.unicodeScalars) {
            result += rest[..<range.lowerBound]
            result += Command.redactionMark.unicodeScalars
            rest = rest[range.upperBound...]
        }
        return String(result + rest)
    }
}

private let singleQuote = UInt8(ascii: "'")

/// Bytes that mean nothing to any POSIX shell.
private let plainInShell = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=:,@%+".utf8)

/// A list of patterns with `*`, `?` and `!`, as known hosts files and ssh_config have
/// it (PATTERNS in ssh_config(5)).
struct PatternList: Hashable, Sendable {
    private struct Pattern: Hashable {
        let isNegated: Bool
        let text: [UInt8]
    }

    private let patterns: [Pattern]

    init(_ texts: [[UInt8]]) {
        patterns = texts.map { text in
            let isNegated = text.first == UInt8(ascii: "!")
            return Pattern(isNegated: isNegated, text: isNegated ? Array(text.dropFirst()) : text)
        }
    }

    /// Takes patterns separated by commas.
    init(commaSeparated text: some Sequence<UInt8>) {
        self.init(
            Array(text).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: true)
                .map(Array.init))
    }

    /// Whether a pattern takes the text and none with a `!` does.
    func matches(_ text: some Sequence<UInt8>) -> Bool {
        let bytes = Array(text)
        let hits = patterns.filter { Self.match(bytes, $0.text) }
        return !hits.isEmpty && !hits.contains(where: \.isNegated)
    }

    /// Whether a pattern takes the whole text.
    ///
    /// On a mismatch only the last `*` is asked to take one byte more, so that a line
    /// of stars in a file costs no more than the product of the two lengths.
    private static func match(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (at, next) = (0, 0)
        var retry: (at: Int, next: Int)?
        while at < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                retry = (at, next + 1)
                next += 1
            } else if next < pattern.count, text[at].fits(pattern[next]) {
                (at, next) = (at + 1, next + 1)
            } else if let (last, after) = retry {
                retry = (last + 1, after)
                (at, next) = (last + 1, after)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension UInt8 {
    fileprivate func fits(_ pattern: UInt8) -> Bool {
        pattern == UInt8(ascii: "?") || self == pattern
    }

    /// The byte with `A` to `Z` as small letters; names of hosts know no difference.
    var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

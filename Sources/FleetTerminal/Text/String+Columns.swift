extension String {
    /// How many columns of a terminal the text takes.
    var columns: Int {
        if isPlainASCII { return utf8.count }
        return reduce(0) { $0 + $1.columns }
    }

    /// As much of the text as fits the width, with the ellipsis where it was cut.
    ///
    /// Where not even the ellipsis fits, the text is cut without a sign.
    func fitted(to width: Int, ellipsis: String) -> String {
        guard columns > width else { return self }
        let room = width - ellipsis.columns
        return room < 1 ? clipped(to: width) : clipped(to: room) + ellipsis
    }

    /// The longest beginning that is no wider than this.
    func clipped(to width: Int) -> String {
        var used = 0
        return String(
            prefix { character in
                used += character.columns
                return used <= width
            })
    }

    /// The text followed by blanks, to be at least this wide.
    func padded(to width: Int) -> String { self + .blanks(width - columns) }

    /// So many blanks; none when the number is negative.
    static func blanks(_ count: Int) -> String {
        String(repeating: " ", count: Swift.max(0, count))
    }

    var isPlainASCII: Bool { utf8.allSatisfy { (0x20..<0x7F).contains($0) } }
}

extension Character {
    /// How many columns the character takes.
    ///
    /// A sequence that terminals draw as one picture counts as one: a flag, a
    /// family, a sign followed by the selector for its colourful form. Any
    /// other cluster takes what its scalars take.
    var columns: Int {
        let scalars = unicodeScalars
        guard let first = scalars.first, scalars.count > 1 else {
            return scalars.first?.columns ?? 0
        }
        let isPicture = first.properties.isEmojiPresentation || scalars.contains("\u{FE0F}")
        return isPicture ? 2 : scalars.reduce(0) { $0 + $1.columns }
    }
}

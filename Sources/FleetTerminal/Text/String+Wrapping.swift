extension String {
    /// The text's words over as many lines as it takes, none wider than this.
    ///
    /// A command between backticks counts as one word. A word that fits no line
    /// is broken, except where not one of its characters fits.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words.flatMap({ $0.broken(to: width) }) {
            if line.isEmpty {
                line = word
            } else if line.columns + 1 + word.columns <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private var words: [String] {
        var words: [String] = []
        var isQuoting = false
        for part in split(separator: " ") {
            if isQuoting, let last = words.popLast() {
                words.append("\(last) \(part)")
            } else {
                words.append(String(part))
            }
            if !part.count(where: { $0 == "`" }).isMultiple(of: 2) { isQuoting.toggle() }
        }
        return words
    }

    /// The text in pieces that each fit the width, cut wherever it must be.
    func broken(to width: Int) -> [String] {
        guard columns > width else { return [self] }
        var pieces: [String] = []
        var (piece, used) = ("", 0)
        for character in self {
            let columns = character.columns
            if used + columns > width, !piece.isEmpty {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            guard columns <= width else { continue }
            piece.append(character)
            used += columns
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}

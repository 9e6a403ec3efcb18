import FleetModel

/// The text of a file, known to be UTF-8 without characters that YAML forbids.
struct SourceText {
    let file: String
    private(set) var text: String

    init?(_ bytes: [UInt8], file: String, log: MistakeLog) {
        let start = SourceLocation(file: file, line: 1, column: 1)
        guard bytes.count <= YAMLLimits.bytes else {
            let limit = YAMLLimits.bytes
            log.note(.tooLarge(bytes: bytes.count, limit: limit, at: start))
            return nil
        }
        guard let text = String(validating: bytes.withoutMark, as: UTF8.self) else {
            log.note(.notUTF8(at: SourceText.endOfValidPart(of: bytes.withoutMark, in: file)))
            return nil
        }
        (self.file, self.text) = (file, text)
        if let mistake = firstForbiddenCharacter {
            log.note(mistake)
            return nil
        }
    }

    /// Counts lines and columns as libYAML does: a column per Unicode scalar.
    private struct Cursor {
        var (line, column) = (1, 1)
        private var afterReturn = false

        init() {}

        mutating func pass(_ scalar: Unicode.Scalar) {
            let completesBreak = afterReturn && scalar == "\n"
            afterReturn = scalar == "\r"
            guard !completesBreak else { return }
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": (line, column) = (line + 1, 1)
            default: column += 1
            }
        }
    }

    private static func endOfValidPart(of bytes: [UInt8], in file: String) -> SourceLocation {
        var decoder = UTF8()
        var (cursor, iterator) = (Cursor(), bytes.makeIterator())
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { cursor.pass(scalar) }
        return SourceLocation(file: file, line: cursor.line, column: cursor.column)
    }

    private var firstForbiddenCharacter: ConfigurationMistake? {
        var cursor = Cursor()
        for scalar in text.unicodeScalars {
            guard scalar.isAllowedInYAML else {
                let place = SourceLocation(file: file, line: cursor.line, column: cursor.column)
                return .controlCharacter(scalar, at: place)
            }
            cursor.pass(scalar)
        }
        return nil
    }

    /// The place in the text that a line and a column, each from one, point at.
    func index(line: Int, column: Int) -> String.Index? {
        var cursor = Cursor()
        for index in text.unicodeScalars.indices {
            if (cursor.line, cursor.column) == (line, column) { return index }
            cursor.pass(text.unicodeScalars[index])
        }
        return nil
    }

    func scalar(line: Int, column: Int) -> Unicode.Scalar? {
        index(line: line, column: column).map { text.unicodeScalars[$0] }
    }

    /// Puts one scalar in the place of another, which moves nothing that follows.
    mutating func replaceScalar(at index: String.Index, with scalar: Unicode.Scalar) {
        let next = text.unicodeScalars.index(after: index)
        text.unicodeScalars.replaceSubrange(index..<next, with: [scalar])
    }

    /// Where the first of more words than we follow begins that YAML may read as aliases.
    ///
    /// A word counts when it begins with `*` where a value may begin. Text blocks and
    /// comments may hold such words too, hence a limit and not a ban.
    var tooManyAliasWords: SourceLocation? {
        var (cursor, previous) = (Cursor(), Unicode.Scalar(" "))
        var (first, words): (SourceLocation?, Int) = (nil, 0)
        for (scalar, next) in zip(text.unicodeScalars, text.unicodeScalars.dropFirst()) {
            if scalar == "*", previous.mayPrecedeValue, !next.properties.isWhitespace {
                let place = SourceLocation(file: file, line: cursor.line, column: cursor.column)
                (first, words) = (first ?? place, words + 1)
            }
            cursor.pass(scalar)
            previous = scalar
        }
        return words > YAMLLimits.aliasWords ? first : nil
    }
}

extension [UInt8] {
    /// The bytes after a byte order mark, which some editors write before UTF-8.
    fileprivate var withoutMark: [UInt8] {
        starts(with: [0xEF, 0xBB, 0xBF]) ? Array(dropFirst(3)) : self
    }
}

extension Unicode.Scalar {
    /// Production `c-printable` of YAML 1.2, less the byte order mark within a text.
    fileprivate var isAllowedInYAML: Bool {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x85, 0x20...0x7E, 0xA0...0xD7FF: true
        case 0xFEFF: false
        case 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    fileprivate var mayPrecedeValue: Bool {
        properties.isWhitespace || ["[", "{", ",", ":", "-", "?"].contains(self)
    }
}

/// One line of an ssh_config file: a keyword and its arguments.
struct SSHConfigurationLine: Hashable, Sendable {
    struct Flaw: Error, Hashable {
        let reason: String
    }

    /// In small letters.
    let keyword: String
    let arguments: [String]

    /// Reads a line; `nil` for an empty one or a comment.
    ///
    /// - Throws: Where `ssh` would refuse the whole file, too.
    init?(_ line: Substring) throws(Flaw) {
        let text = line.drop(while: \.isBlankHere)
        guard let first = text.first, first != "#" else { return nil }
        let word = text.prefix { !$0.isBlankHere && $0 != "=" }
        keyword = word.lowercased()
        let rest = Self.afterKeyword(text.dropFirst(word.count))
        guard !keyword.isEmpty, !rest.isEmpty else {
            throw Flaw(reason: "`\(word)` has no argument")
        }
        let isRaw = Self.takesTheLine.contains(keyword)
        arguments = isRaw ? [String(rest)] : try Self.split(rest)
        guard !arguments.isEmpty else { throw Flaw(reason: "`\(word)` has no argument") }
    }

    /// What comes after blanks and at most one `=`.
    private static func afterKeyword(_ text: Substring) -> Substring {
        let rest = text.drop(while: \.isBlankHere)
        return rest.first == "=" ? rest.dropFirst().drop(while: \.isBlankHere) : rest
    }

    /// Words between blanks. Quotes keep blanks together, a `#` ends the line.
    private static func split(_ text: Substring) throws(Flaw) -> [String] {
        var words: [String] = []
        var rest = text.drop(while: \.isBlankHere)
        while let first = rest.first, first != "#" {
            words.append(try word(&rest))
            rest = rest.drop(while: \.isBlankHere)
        }
        return words
    }

    private static func word(_ rest: inout Substring) throws(Flaw) -> String {
        var word = ""
        var quote: Character?
        while let character = rest.first, quote != nil || !character.isBlankHere {
            rest.removeFirst()
            if character == "\\", let next = rest.first,
                "\"'\\".contains(next) || (quote == nil && next == " ")
            {
                word.append(rest.removeFirst())
            } else if character == quote {
                quote = nil
            } else if quote == nil, "\"'".contains(character) {
                quote = character
            } else {
                word.append(character)
            }
        }
        guard quote == nil else { throw Flaw(reason: "a quote is not closed") }
        return word
    }

    /// Options whose argument is a command for a shell, quotes and all.
    private static let takesTheLine: Set<String> = [
        "proxycommand", "localcommand", "remotecommand", "knownhostscommand",
    ]
}

extension Character {
    fileprivate var isBlankHere: Bool {
        self == " " || self == "\t" || self == "\r" || self == "\u{c}" || self == "\r\n"
    }
}

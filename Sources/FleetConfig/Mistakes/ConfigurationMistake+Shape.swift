import FleetModel

/// Mistakes in the shape of a document: keys, types and names.
extension ConfigurationMistake {
    static func unknownKey(
        _ key: String, in section: String, known: [String], at location: SourceLocation
    ) -> Self {
        let nearest = NearestWord.to(key, among: known)
        return Self(
            "\(section) has no key \("`\(key.shortened)`")", at: location,
            hint: nearest.map { "did you mean `\($0)`?" }
                ?? "the keys are \(known.map { "`\($0)`" }.joined(separator: ", "))")
    }

    static func duplicateKey(
        _ key: String, first: SourceLocation? = nil, at location: SourceLocation
    ) -> Self {
        let before = first.map { ", first at \($0)" } ?? ""
        return Self(
            "the key `\(key.shortened)` is given twice\(before)", at: location,
            hint: "keep one of the two")
    }

    static func missingKey(
        _ key: String, in section: String, at location: SourceLocation, hint: String? = nil
    ) -> Self {
        Self("\(section) needs the key `\(key)`", at: location, hint: hint)
    }

    static func wrongType(
        _ key: String, should expected: String, got node: YAMLNode, hint: String? = nil
    ) -> Self {
        Self(
            "`\(key.shortened)` should be \(expected), got: \(node.shown)", at: node.location,
            hint: hint)
    }

    static func outOfRange(
        _ key: String, should expected: String, got: String, at location: SourceLocation,
        hint: String? = nil
    ) -> Self {
        Self(
            "`\(key)` should be \(expected), got: \(got.shortened)", at: location, hint: hint)
    }

    static func unknownWord(
        _ key: String, among words: [String], got node: YAMLNode, _ word: String
    ) -> Self {
        let nearest =
            NearestWord.to(word, among: words) ?? words.first { word.lowercased().hasPrefix($0) }
        return wrongType(
            key, should: words.map { "`\($0)`" }.joined(separator: " or "), got: node,
            hint: nearest.map { "did you mean `\($0)`?" })
    }

    static func duplicateName(
        _ kind: String, _ name: String, first: SourceLocation, at location: SourceLocation,
        hint: String? = nil
    ) -> Self {
        Self(
            "\(kind) \(name.quoted) is listed twice, first at \(first)", at: location,
            hint: hint)
    }

    static func badName(
        _ key: String, _ name: String, rule: NameRule, at location: SourceLocation
    ) -> Self {
        Self(
            "`\(key)` should be \(rule.expectation), got: \(name.shown)", at: location)
    }

    static func ambiguousScalar(_ text: String, at location: SourceLocation) -> Self {
        Self(
            "\(text.quoted) means different things to different readers of YAML", at: location,
            hint: "put it in quotes if it is text; else write `true`, `false` or a plain number")
    }
}

extension String {
    /// The longest excerpt of an operator's own text that an error repeats.
    private static var charactersShown: Int { 60 }

    /// The start of the text, so that a file of rubbish makes no page of rubbish.
    var shortened: String {
        count > Self.charactersShown ? prefix(Self.charactersShown) + "…" : self
    }

    /// The start of the text between quotes, with nothing that could move a cursor.
    var shown: String {
        let visible = unicodeScalars.map { $0.properties.isVisible ? String($0) : "\u{FFFD}" }
        return visible.joined().shortened.quoted
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isVisible: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

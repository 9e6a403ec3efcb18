extension Selector {
    /// Reads what `kubectl -l` takes: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
    ///
    /// `nil` when it is none, or asks for nothing: matching everything is too much
    /// to happen by leaving a word out.
    public init?(text: String) {
        let requirements = Self.parts(of: text).map(Requirement.init(text:))
        guard !requirements.isEmpty, !requirements.contains(nil) else { return nil }
        self.init(requirements.compactMap(\.self))
    }

    /// Splits at the commas outside parentheses.
    private static func parts(of text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}

extension Selector.Requirement {
    fileprivate init?(text: String) {
        guard let found = Self.setBased(text) ?? Self.comparison(text) ?? Self.existence(text),
            found.key.allSatisfy({ $0.isLetter || $0.isNumber || "-_./".contains($0) }),
            !found.key.isEmpty
        else { return nil }
        self = found
    }

    private static func setBased(_ text: String) -> Self? {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
        let head = text[..<open].split(separator: " ").map(String.init)
        let values = text[open...].dropFirst().dropLast().split(separator: ",").map(\.trimmed)
        guard head.count == 2, !values.isEmpty else { return nil }
        switch head[1] {
        case "in": return Self(key: head[0], test: .isIn(values))
        case "notin": return Self(key: head[0], test: .isNotIn(values))
        default: return nil
        }
    }

    private static func comparison(_ text: String) -> Self? {
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            let sides = text.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            let value = [sides[1].trimmed]
            return Self(key: sides[0].trimmed, test: isEqual ? .isIn(value) : .isNotIn(value))
        }
        return nil
    }

    private static func existence(_ text: String) -> Self? {
        let key = Substring(text).trimmed
        guard key.hasPrefix("!") else { return Self(key: key, test: .exists) }
        return Self(key: key.dropFirst().trimmed, test: .doesNotExist)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

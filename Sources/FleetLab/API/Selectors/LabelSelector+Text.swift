import FleetModel

extension LabelSelector {
    /// Reads the notation of `labelSelector=`: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`.
    ///
    /// - Throws: 400 with what could not be read.
    init(text: String) throws(StatusError) {
        var requirements: [Requirement] = []
        for part in Self.parts(of: text) {
            requirements.append(try Self.requirement(part, in: text))
        }
        self.init(requirements: requirements)
    }

    /// Splits at the commas outside parentheses.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var current = ""
        var depth = 0
        for character in text {
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            if character == ",", depth == 0 {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        return (parts + [current]).map { $0.trimmed }.filter { !$0.isEmpty }
    }

    private static func requirement(
        _ part: String, in text: String
    ) throws(StatusError) -> Requirement {
        let requirement = setBased(part) ?? comparison(part) ?? existence(part)
        guard LabelRules.isQualifiedName(requirement.key) else {
            throw .badRequest("unable to parse requirement: invalid label key \(part.jsonQuoted)")
        }
        if requirement.how == .isIn || requirement.how == .isNotIn {
            for value in requirement.values where !LabelRules.isLabelValue(value) {
                throw .badRequest(
                    "unable to parse requirement: values[0][\(requirement.key)]: Invalid value:"
                        + " \(value.jsonQuoted)")
            }
        }
        return requirement
    }

    private static func setBased(_ part: String) -> Requirement? {
        guard part.hasSuffix(")"), let open = part.firstIndex(of: "(") else { return nil }
        let head = part[..<open].split(separator: " ").map(String.init)
        guard head.count == 2, head[1] == "in" || head[1] == "notin" else { return nil }
        let values = part[part.index(after: open)...].dropLast()
            .split(separator: ",", omittingEmptySubsequences: false).map { String($0).trimmed }
        return Requirement(
            key: head[0], how: head[1] == "in" ? .isIn : .isNotIn, values: values)
    }

    private static let comparisons: [(sign: String, how: Requirement.Operator)] = [
        ("!=", .isNotIn), ("==", .isIn), ("=", .isIn), (">", .isGreater), ("<", .isLess),
    ]

    private static func comparison(_ part: String) -> Requirement? {
        for (sign, how) in comparisons {
            let sides = part.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2 else { continue }
            return Requirement(
                key: String(sides[0]).trimmed, how: how, values: [String(sides[1]).trimmed])
        }
        return nil
    }

    private static func existence(_ part: String) -> Requirement {
        part.hasPrefix("!")
            ? Requirement(key: String(part.dropFirst()).trimmed, how: .doesNotExist)
            : Requirement(key: part, how: .exists)
    }
}

extension String {
    /// The text without the spaces around it.
    var trimmed: String {
        String(drop(while: { $0 == " " }).reversed().drop(while: { $0 == " " }).reversed())
    }
}

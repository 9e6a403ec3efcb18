import FleetModel

extension JSON {
    /// A YAML value as the JSON that Kubernetes would make of it.
    ///
    /// YAML readers disagree on words such as `yes`, `012` or `1_000`, kubectl's and the
    /// API server's among them. These are noted, not guessed.
    init(_ node: YAMLNode, log: MistakeLog) {
        switch node.content {
        case .empty: self = .null
        case .quoted(let text): self = .string(text)
        case .plain(let text): self = JSON(plain: text, at: node.location, log: log)
        case .list(let items): self = .array(items.map { JSON($0, log: log) })
        case .mapping(let entries):
            let pairs = entries.withoutDuplicates(log).map { ($0.key, JSON($0.value, log: log)) }
            self = .object(Dictionary(pairs) { first, _ in first })
        }
    }

    private init(plain text: String, at location: SourceLocation, log: MistakeLog) {
        if text == "true" || text == "false" {
            self = .bool(text == "true")
        } else if WholeNumber.isWritten(in: text), let number = Int64(text) {
            self = .int(number)
        } else if let number = Double(decimal: text) {
            self = .double(number)
        } else {
            if PlainScalar.isAmbiguous(text) {
                log.note(.ambiguousScalar(text, at: location))
            }
            self = .string(text)
        }
    }
}

extension Double {
    /// A decimal fraction that is written as it prints, so that no zero of a version such
    /// as `1.10` gets lost.
    fileprivate init?(decimal text: String) {
        guard text.contains("."), let number = Double(text), number.isFinite,
            number.description == text
        else { return nil }
        self = number
    }
}

/// Which plain scalars some readers of YAML take for something else than text.
enum PlainScalar {
    /// The switch words of YAML 1.1, which the API server's reader still knows.
    private static let words: Set = [
        "yes", "no", "on", "off", "y", "n", "true", "false", ".inf", "-.inf", "+.inf", ".nan",
    ]

    /// A number in another base or notation counts, and one with a zero too many.
    static func isAmbiguous(_ text: String) -> Bool {
        if words.contains(text.lowercased()) { return true }
        let unsigned = String(text.drop { $0 == "+" || $0 == "-" }.filter { $0 != "_" })
        guard let first = unsigned.utf8.first, WholeNumber.isDigit(first) || first == 0x2E else {
            return false
        }
        return Double(unsigned) != nil || isOfAnotherBase(unsigned) || isSexagesimal(unsigned)
    }

    private static func isOfAnotherBase(_ text: String) -> Bool {
        let bases = [("0o", 8), ("0b", 2), ("0x", 16)]
        return bases.contains { prefix, base in
            text.hasPrefix(prefix) && Int(text.dropFirst(2), radix: base) != nil
        }
    }

    /// `1:30` was ninety in YAML 1.1.
    private static func isSexagesimal(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1, Int(parts[0]) != nil else { return false }
        return parts.dropFirst().allSatisfy { part in
            part.count <= 2 && (Int(part).map { (0..<60).contains($0) } ?? false)
        }
    }
}

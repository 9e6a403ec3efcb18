/// A JSON text spread over lines for reading, its order and its numbers untouched.
///
/// It works on the text alone. A text that is not JSON from its first to its
/// last character gives `nil`, because moving the blanks of anything else
/// could change what it means.
struct IndentedJSON {
    private(set) var lines: [String] = []

    private var rest: Substring.UnicodeScalarView
    private var line = ""
    private var depth = 0

    /// Deeper documents are printed as they are; nobody reads them anyway.
    private static let greatestDepth = 64

    init?(_ text: String) {
        rest = text[...].unicodeScalars
        skipBlanks()
        guard rest.first == "{" || rest.first == "[", value() else { return nil }
        skipBlanks()
        guard rest.isEmpty else { return nil }
        endLine()
    }

    private mutating func value() -> Bool {
        skipBlanks()
        switch rest.first {
        case "{": return items(from: "{", to: "}") { $0.member() }
        case "[": return items(from: "[", to: "]") { $0.value() }
        case "\"": return string()
        default: return word()
        }
    }

    private mutating func items(
        from open: Unicode.Scalar, to close: Unicode.Scalar, item: (inout Self) -> Bool
    ) -> Bool {
        guard take(open), depth < Self.greatestDepth else { return false }
        skipBlanks()
        if take(close) { return true }
        depth += 1
        repeat {
            endLine()
            guard item(&self) else { return false }
            skipBlanks()
        } while take(",")
        depth -= 1
        endLine()
        return take(close)
    }

    private mutating func member() -> Bool {
        skipBlanks()
        guard string() else { return false }
        skipBlanks()
        guard take(":") else { return false }
        line += " "
        return value()
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let scalar = rest.first {
            _ = take(scalar)
            if scalar == "\"" { return true }
            if scalar.value < 0x20 { return false }
            if scalar == "\\", let escaped = rest.first { _ = take(escaped) }
        }
        return false
    }

    private mutating func word() -> Bool {
        let isPart: (Unicode.Scalar) -> Bool = { wordScalars.contains($0) }
        let word = String(rest.prefix(while: isPart))
        guard ["true", "false", "null"].contains(word) || Double(word) != nil else { return false }
        line += word
        rest = rest.drop(while: isPart)
        return true
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        line.unicodeScalars.append(scalar)
        rest.removeFirst()
        return true
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\r" || $0 == "\t" }
    }

    private mutating func endLine() {
        if !line.isEmpty { lines.append(line) }
        line = .blanks(2 * depth)
    }
}

/// What numbers and the three words of JSON are written with.
private let wordScalars = Set("0123456789+-.eEtrufalsn".unicodeScalars)

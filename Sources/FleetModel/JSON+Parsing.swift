extension JSON {
    /// The document a text holds, or `nil` when it holds none.
    ///
    /// Annotations and manifests carry JSON as text. One that is cut off or
    /// written by hand is ordinary, so it is a value too.
    public init?(parsing text: String) { self.init(parsing: Array(text.utf8)) }

    /// The document in some bytes, as RFC 8259 has it; `nil` when they are none.
    ///
    /// Of two members with one name the last counts. Whole numbers that fit are
    /// integers. Bytes that are no UTF-8, and surrogates alone, become U+FFFD.
    public init?(parsing bytes: [UInt8]) {
        var parser = JSONParser(bytes)
        guard let document = parser.document() else { return nil }
        self = document
    }
}

/// Reads a JSON document from left to right.
///
/// `nil` is also how the literal `null` is spelled, so no `?:` decides between a
/// value and none here: it would turn the failure into a document.
private struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    /// How deep the value at hand is nested. Deeper ones than the limit are
    /// refused: each level takes a piece of the stack.
    private var depth = 0
    private static let deepest = 256

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> JSON? {
        guard let value = value() else { return nil }
        skipSpace()
        guard position == bytes.count else { return nil }
        return value
    }

    private mutating func value() -> JSON? {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return nested { $0.object() }
        case UInt8(ascii: "["): return nested { $0.array() }
        case UInt8(ascii: "\""): return string().map(JSON.string)
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func nested(_ read: (inout JSONParser) -> JSON?) -> JSON? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        return read(&self)
    }

    private mutating func object() -> JSON? {
        position += 1
        var members: [String: JSON] = [:]
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\""), let key = string() else { return nil }
            skipSpace()
            guard take(":"), let member = value() else { return nil }
            members[key] = member
            skipSpace()
        } while take(",")
        guard take("}") else { return nil }
        return .object(members)
    }

    private mutating func array() -> JSON? {
        position += 1
        var items: [JSON] = []
        skipSpace()
        if take("]") { return .array(items) }
        repeat {
            guard let item = value() else { return nil }
            items.append(item)
            skipSpace()
        } while take(",")
        guard take("]") else { return nil }
        return .array(items)
    }
}

// MARK: - Scalars

extension JSONParser {
    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: String, _ value: JSON) -> JSON? {
        guard bytes[position...].starts(with: word.utf8) else { return nil }
        position += word.utf8.count
        return value
    }

    private mutating func number() -> JSON? {
        let start = position
        _ = take("-")
        let leadsWithZero = next == UInt8(ascii: "0")
        let digits = skipDigits()
        guard digits > 0, !leadsWithZero || digits == 1 else { return nil }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard skipDigits() > 0 else { return nil }
        }
        if take("e") || take("E") {
            isWhole = false
            _ = take("+") || take("-")
            guard skipDigits() > 0 else { return nil }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else { return nil }
        return .double(number)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    /// Reads a string, most of it in runs without an escape.
    private mutating func string() -> String? {
        position += 1
        var text = ""
        var start = position
        while let byte = next, byte >= 0x20 {
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            text += String(decoding: bytes[start..<position], as: UTF8.self)
            position += 1
            if byte == UInt8(ascii: "\"") { return text }
            guard let scalar = escape() else { return nil }
            text.unicodeScalars.append(scalar)
            start = position
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = next else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return codePoint()
        default: return nil
        }
    }

    /// The character of `\uXXXX`, or of two of them that form a surrogate pair.
    private mutating func codePoint() -> Unicode.Scalar? {
        guard let high = codeUnit() else { return nil }
        guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
        let mark = position
        guard take("\\"), take("u"), let low = codeUnit(), (0xDC00..<0xE000).contains(low) else {
            position = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func codeUnit() -> UInt32? {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4,
            digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit })
        else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

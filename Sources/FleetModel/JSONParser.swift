/// Reads JSON text (RFC 8259) from bytes.
///
/// Everything we know of a cluster passes through here, and Foundation's decoder
/// takes many times as long to find out what a value is.
public struct JSONParser {
    /// What is wrong with a text, and at which byte.
    public struct Problem: Error, CustomStringConvertible {
        public let message: String
        public let offset: Int

        public var description: String { "\(message) at byte \(offset)" }
    }

    /// Deeper texts would overflow the stack of the reader; Go's decoder stops at 10,000.
    private static let depthLimit = 512

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// The document in a text that has nothing else but white space around it.
    public static func parse(_ bytes: [UInt8]) throws(Problem) -> JSON {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else {
            throw parser.problem("invalid character after top-level value")
        }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func problem(_ message: String) -> Problem {
        Problem(message: message, offset: position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func value() throws(Problem) -> JSON {
        skipSpace()
        guard let byte = next else { throw problem("unexpected end of JSON input") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(Problem) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(Problem) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(Problem) -> JSON
    ) throws(Problem) -> JSON {
        guard depth < Self.depthLimit else { throw problem("exceeded max depth") }
        depth += 1
        defer { depth -= 1 }
        position += 1
        return try read(&self)
    }

    private mutating func object() throws(Problem) -> JSON {
        var members: [String: JSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else {
                throw problem("invalid character looking for beginning of object key string")
            }
            let key = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else {
                throw problem("invalid character after object key")
            }
            members[key] = try value()
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else {
                throw problem("invalid character after object key:value pair")
            }
        }
    }

    private mutating func array() throws(Problem) -> JSON {
        var items: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(items) }
        while true {
            items.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(items) }
            guard take(UInt8(ascii: ",")) else {
                throw problem("invalid character after array element")
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: String, _ value: JSON) throws(Problem) -> JSON {
        for byte in word.utf8 {
            guard take(byte) else { throw problem("invalid character in literal \(word)") }
        }
        return value
    }
}

// MARK: - Strings and numbers

extension JSONParser {
    private mutating func string() throws(Problem) -> String {
        position += 1
        let start = position
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw problem("invalid character in string literal") }
            position += 1
        }
        throw problem("unexpected end of JSON input")
    }

    private mutating func escapedString(from start: Int) throws(Problem) -> String {
        var text = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0x20...: text.append(byte)
            default: throw problem("invalid character in string literal")
            }
        }
        throw problem("unexpected end of JSON input")
    }

    private mutating func escape() throws(Problem) -> [UInt8] {
        guard let byte = next else { throw problem("unexpected end of JSON input") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
        default: throw problem("invalid character in string escape code")
        }
    }

    /// A `\u` escape, with its second half when it is a surrogate pair; a lone
    /// surrogate becomes U+FFFD, as in Go.
    private mutating func escapedScalar() throws(Problem) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let high = try codeUnit()
        guard (0xD800..<0xDC00).contains(high) else {
            return Unicode.Scalar(high) ?? replacement
        }
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return replacement }
        position += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else { return replacement }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? replacement
    }

    private mutating func codeUnit() throws(Problem) -> UInt32 {
        guard position + 4 <= bytes.count,
            let unit = UInt32(
                String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw problem("invalid character in \\u hexadecimal character escape") }
        position += 4
        return unit
    }

    /// RFC 8259 section 6: no leading zero, no bare point, no plus sign in front.
    private mutating func number() throws(Problem) -> JSON {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadsWithZero = next == UInt8(ascii: "0")
        let digits = skipDigits()
        guard digits > 0, !leadsWithZero || digits == 1 else { throw noValue(at: start) }
        let isWhole = try !skipFraction(from: start)
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else { throw noValue(at: start) }
        return .double(number)
    }

    /// Whether there was a fraction or an exponent to skip.
    private mutating func skipFraction(from start: Int) throws(Problem) -> Bool {
        let end = position
        if take(UInt8(ascii: ".")), skipDigits() == 0 { throw noValue(at: start) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            guard skipDigits() > 0 else { throw noValue(at: start) }
        }
        return position > end
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        return position - start
    }

    private func noValue(at offset: Int) -> Problem {
        Problem(message: "invalid character looking for beginning of value", offset: offset)
    }
}

/// Reads what SSH writes: numbers and strings with their length in front (RFC 4251 5).
///
/// Bytes come from files, agents and servers, so that nothing is taken for granted:
/// each read answers `nil` when less is there than it says.
struct WireReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var remaining: [UInt8] { Array(rest) }

    mutating func byte() -> UInt8? { rest.popFirst() }

    mutating func number() -> UInt32? {
        guard let bytes = bytes(4) else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func longNumber() -> UInt64? {
        bytes(8).map { bytes in bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func string() -> [UInt8]? {
        var ahead = self
        guard let count = ahead.number(), let bytes = ahead.bytes(Int(count)) else { return nil }
        self = ahead
        return bytes
    }

    /// A string of printable ASCII, such as an algorithm's name.
    mutating func word() -> String? {
        guard let bytes = string(), bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// The bytes with their length in front.
    var wireString: [UInt8] { UInt32(count).bigEndianBytes + self }

    /// The bytes of an unsigned number, big-endian, as SSH writes one: no zeros in
    /// front but the one that keeps it from being negative.
    var wireNumber: [UInt8] {
        let digits = Array(drop { $0 == 0 })
        return ((digits.first ?? 0) & 0x80 == 0 ? digits : [0] + digits).wireString
    }
}

extension String {
    var wireString: [UInt8] { Array(utf8).wireString }
}

extension UInt32 {
    var bigEndianBytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }
}

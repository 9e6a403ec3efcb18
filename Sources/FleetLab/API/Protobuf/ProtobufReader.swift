/// Reads the fields of a protocol buffer message, one after the other.
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    /// The bytes are no such message.
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// - Returns: `nil` at the end.
    mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let tag = try variableInteger()
        guard let field = Int(exactly: tag >> 3) else { throw Malformed() }
        switch tag & 7 {
        case 0: return (field, .number(try variableInteger()))
        case 1: return (field, .bytes(try take(8)))
        case 2:
            guard let length = Int(exactly: try variableInteger()) else { throw Malformed() }
            return (field, .bytes(try take(length)))
        case 5: return (field, .bytes(try take(4)))
        default: throw Malformed()
        }
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw Malformed() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func variableInteger() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0 as UInt64, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}

/// Writes protocol buffer messages: the little that the OpenAPI document needs.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func string(_ field: Int, _ text: String) {
        lengthDelimited(field, Array(text.utf8))
    }

    mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var writer = ProtobufWriter()
        write(&writer)
        lengthDelimited(field, writer.bytes)
    }

    private mutating func lengthDelimited(_ field: Int, _ content: [UInt8]) {
        // Wire type 2: a length and as many bytes.
        variableInteger(field << 3 | 2)
        variableInteger(content.count)
        bytes += content
    }

    private mutating func variableInteger(_ value: Int) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

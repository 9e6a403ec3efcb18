import Foundation
import FleetModel

/// An object in the binary form of Kubernetes: four magic bytes, and an envelope that
/// tells the kind of the message in it (apimachinery's `runtime.Unknown`).
enum ProtobufDocument {
    static let mediaType = "application/vnd.kubernetes.protobuf"

    private static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// - Returns: `nil` when the kind isn't known here, or the bytes are no such message.
    static func parse(_ bytes: [UInt8]) -> JSON? {
        guard bytes.starts(with: magic) else { return nil }
        // What can't be read is told by the caller, as an unknown format.
        let envelope = try? message(bytes[magic.count...], envelopeFields)
        guard let kind = envelope?["typeMeta"]?["kind"]?.string,
            let raw = envelope?["raw"]?.string.flatMap({ Foundation.Data(base64Encoded: $0) }),
            let fields = ProtobufSchema.message(kind),
            var document = try? message(Array(raw)[...], fields)
        else { return nil }
        document["kind"] = .string(kind)
        document["apiVersion"] = envelope?["typeMeta"]?["apiVersion"]
        return document
    }

    private static let envelopeFields: [Int: ProtobufSchema.Field] = [
        1: ProtobufSchema.Field(
            "typeMeta",
            .message([1: ProtobufSchema.Field("apiVersion"), 2: ProtobufSchema.Field("kind")])),
        2: ProtobufSchema.Field("raw", .bytes),
    ]

    private static func message(
        _ bytes: ArraySlice<UInt8>, _ fields: [Int: ProtobufSchema.Field]
    ) throws(ProtobufReader.Malformed) -> JSON {
        var reader = ProtobufReader(bytes)
        var document = JSON.object([:])
        while let (number, value) = try reader.next() {
            guard let field = fields[number] else { continue }
            switch field.kind {
            case .list(let kind):
                let items = document[field.name]?.array ?? []
                document[field.name] = .array(items + [try single(value, kind) ?? .null])
            case .map(let kind):
                let entry = try mapEntry(value, kind)
                var members = document[field.name] ?? [:]
                members[entry.key] = entry.value
                document[field.name] = members
            default: document[field.name] = try single(value, field.kind)
            }
        }
        return document
    }

    private static func mapEntry(
        _ value: ProtobufReader.Value, _ kind: ProtobufSchema.Kind
    ) throws(ProtobufReader.Malformed) -> (key: String, value: JSON) {
        let fields = [
            1: ProtobufSchema.Field("key"), 2: ProtobufSchema.Field("value", kind),
        ]
        let entry = try single(value, .message(fields))
        return (entry?["key"]?.string ?? "", entry?["value"] ?? "")
    }

    /// - Returns: `nil` for an empty text, which stands for none.
    private static func single(
        _ value: ProtobufReader.Value, _ kind: ProtobufSchema.Kind
    ) throws(ProtobufReader.Malformed) -> JSON? {
        switch (value, kind) {
        case (.number(let number), .flag): return .bool(number != 0)
        case (.number(let number), _): return .int(Int64(bitPattern: number))
        case (.bytes(let bytes), .message(let fields)): return try message(bytes, fields)
        case (.bytes(let bytes), .bytes):
            return .string(Foundation.Data(bytes).base64EncodedString())
        case (.bytes(let bytes), .time): return try time(bytes)
        case (.bytes(let bytes), .numberOrString): return try numberOrString(bytes)
        case (.bytes(let bytes), .string):
            if bytes.isEmpty { return nil }
            return .string(String(decoding: bytes, as: UTF8.self))
        default: throw ProtobufReader.Malformed()
        }
    }

    private static func time(
        _ bytes: ArraySlice<UInt8>
    ) throws(ProtobufReader.Malformed) -> JSON? {
        let seconds = try message(bytes, [1: ProtobufSchema.Field("seconds", .number)])["seconds"]
        return seconds?.int.map { .string(LabTime(milliseconds: Int64($0) * 1000).timestamp) }
    }

    private static func numberOrString(
        _ bytes: ArraySlice<UInt8>
    ) throws(ProtobufReader.Malformed) -> JSON {
        let fields = [
            1: ProtobufSchema.Field("type", .number), 2: ProtobufSchema.Field("int", .number),
            3: ProtobufSchema.Field("string"),
        ]
        let either = try message(bytes, fields)
        return either["type"]?.int == 1 ? either["string"] ?? "" : either["int"] ?? 0
    }
}

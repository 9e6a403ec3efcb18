import FleetModel
import Foundation
import GRDB

/// Values as JSON texts with sorted keys, as the journal's `document` columns hold them.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            let message = "a document can't be read as \(type): \(error)"
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: message)
        }
    }
}

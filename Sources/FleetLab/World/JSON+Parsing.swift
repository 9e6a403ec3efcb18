import FleetModel
import Foundation

extension JSON {
    /// Reads a document out of a text, such as the one an annotation holds.
    init?(parsing text: String) {
        // A text that is no JSON says nothing to us, whatever is wrong with it.
        guard let document = try? JSONDecoder().decode(JSON.self, from: Data(text.utf8)) else {
            return nil
        }
        self = document
    }

    /// The text as the values of Secrets and caBundles carry it.
    static func base64(_ text: String) -> JSON {
        .string(Data(text.utf8).base64EncodedString())
    }

    /// The text behind such a value, or nil when it is none.
    var base64Text: String? {
        string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}

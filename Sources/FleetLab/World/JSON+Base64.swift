import FleetModel
import Foundation

extension JSON {
    /// The text as the values of Secrets and caBundles carry it.
    static func base64(_ text: String) -> JSON {
        .string(Data(text.utf8).base64EncodedString())
    }

    /// The text behind such a value, or `nil` when it is none.
    var base64Text: String? {
        string.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}

import Foundation
import FleetModel

/// Where the next page of a list starts.
struct ContinueToken: Sendable {
    /// The version of the first page: every page claims to show it.
    var version: Int
    /// The last object of the page before.
    var namespace: String
    var name: String

    init(version: Int, after object: JSON) {
        self.version = version
        namespace = object.namespace
        name = object.name
    }

    /// - Throws: 400 when the text is no token of this server.
    init(text: String) throws(StatusError) {
        guard let bytes = Foundation.Data(base64Encoded: text),
            // Whatever is wrong with it, the answer is the one below.
            let token = try? JSONParser.parse(Array(bytes)), let version = token["rv"]?.int,
            let namespace = token["namespace"]?.string, let name = token["name"]?.string
        else {
            throw .badRequest("continue key is not valid: invalid token")
        }
        self.version = version
        self.namespace = namespace
        self.name = name
    }

    var text: String {
        let token: JSON = [
            "rv": .int(Int64(version)), "namespace": .string(namespace), "name": .string(name),
        ]
        return Foundation.Data(JSONWriter.write(token)).base64EncodedString()
    }

    func isBefore(_ object: JSON) -> Bool {
        (namespace, name) < (object.namespace, object.name)
    }
}

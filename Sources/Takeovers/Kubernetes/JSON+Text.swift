import FleetModel
import Foundation

extension JSON {
    /// The document a text holds, or `nil` when it holds none.
    ///
    /// Annotations and manifests carry JSON as text. One that is cut off or
    /// written by hand is ordinary, so it is a value too.
    init?(text: String) {
        // A text that is no JSON is an answer, not a fault.
        guard let document = try? JSONDecoder().decode(JSON.self, from: Data(text.utf8)) else {
            return nil
        }
        self = document
    }
}

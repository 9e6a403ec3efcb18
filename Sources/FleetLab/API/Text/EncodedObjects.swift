import FleetModel
import Synchronization

/// The texts of stored objects, kept from answer to answer.
///
/// A fleet is watched by asking for the same lists again and again, and most objects
/// are then what they were the time before.
final class EncodedObjects: Sendable {
    /// More than any cluster of the lab has; beyond it, everything is written anew.
    private static let limit = 8192

    private let texts = Mutex<[ObjectKey: (version: String, bytes: [UInt8])]>([:])

    /// The text of an object as it is stored.
    func bytes(of object: JSON, at key: ObjectKey) -> [UInt8] {
        let version = object.resourceVersion
        if let kept = texts.withLock({ $0[key] }), kept.version == version, !version.isEmpty {
            return kept.bytes
        }
        let bytes = JSONWriter.write(object)
        texts.withLock { texts in
            if texts.count >= Self.limit { texts = [:] }
            texts[key] = (version, bytes)
        }
        return bytes
    }
}

public import FleetModel

/// One thing that happened to one object, as watches tell it.
public struct StoreChange: Sendable {
    public enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// The version the change brought about. Changes are numbered without gaps.
    public var resourceVersion: Int
    public var type: Kind
    public var key: ObjectKey
    /// The object after the change; when deleted, as it last was.
    public var object: JSON
    /// The object before the change, unless it was added.
    public var previous: JSON?
}

/// Where an object lives in a cluster: its kind, its namespace and its name.
public struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The id of its resource type, such as `deployments.apps`.
    public var resource: String
    /// Empty for what belongs to the whole cluster.
    public var namespace: String
    public var name: String

    public init(_ resource: String, namespace: String = "", name: String) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.resource, left.namespace, left.name) < (right.resource, right.namespace, right.name)
    }

    public var description: String {
        namespace.isEmpty ? "\(resource)/\(name)" : "\(resource)/\(namespace)/\(name)"
    }
}

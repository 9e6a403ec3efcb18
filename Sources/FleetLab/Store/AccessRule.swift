/// Something that everybody is forbidden to do, while a fault says so.
public struct AccessRule: Hashable, Sendable {
    /// A verb such as `patch`, or `*`.
    public var verb: String
    /// The id of a resource type such as `deployments.apps`, or `*`.
    public var resource: String
    /// Nil stands for every namespace.
    public var namespace: String?

    public init(verb: String, resource: String, namespace: String? = nil) {
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
    }

    func covers(verb: String, resource: String, namespace: String) -> Bool {
        (self.verb == "*" || self.verb == verb)
            && (self.resource == "*" || self.resource == resource)
            && (self.namespace == nil || self.namespace == namespace)
    }
}

import FleetModel

/// The name of an object that pods belong to.
struct OwnerReference: Hashable, Sendable, Comparable, CustomStringConvertible {
    let kind: String
    let namespace: String
    let name: String

    init(kind: String, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The controller an object names, if it has one.
    init?(controllerOf object: JSON) {
        let references = object.metadata.items("ownerReferences")
        guard let controller = references.first(where: { $0["controller"]?.bool == true }),
            let kind = controller["kind"]?.string, let name = controller["name"]?.string
        else { return nil }
        self.init(kind: kind, namespace: object.namespace, name: name)
    }

    /// What a command of this purpose restarts.
    init?(restartedBy command: Command) {
        let words = command.purpose.split(separator: " ")
        guard words.count == 3, words[0] == "restart" else { return nil }
        let path = words[2].split(separator: "/").map(String.init)
        guard path.count == 2 else { return nil }
        self.init(kind: String(words[1]), namespace: path[0], name: path[1])
    }

    /// What says that a command restarts the object.
    var restartPurpose: String { "restart \(self)" }

    /// The reference as kubectl takes it: `deployment/details-v1`.
    var resource: String { "\(kind.lowercased())/\(name)" }

    /// Where its object is read, of the kinds `kubectl rollout restart` takes.
    var objectPath: String {
        "/apis/apps/v1/namespaces/\(namespace)/\(kind.lowercased())s/\(name)"
    }

    /// `namespace/name`, as operators list owners in a takeover's parameters.
    var path: String { "\(namespace)/\(name)" }

    var description: String { "\(kind) \(path)" }

    static func < (lhs: OwnerReference, rhs: OwnerReference) -> Bool {
        (lhs.namespace, lhs.name, lhs.kind) < (rhs.namespace, rhs.name, rhs.kind)
    }
}

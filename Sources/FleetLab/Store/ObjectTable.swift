import FleetModel

/// The objects of one kind, found by namespace and name.
struct ObjectTable: Sendable {
    private var namespaces: [String: [String: JSON]] = [:]

    subscript(key: ObjectKey) -> JSON? {
        get { namespaces[key.namespace]?[key.name] }
        set {
            namespaces[key.namespace, default: [:]][key.name] = newValue
            if namespaces[key.namespace]?.isEmpty == true { namespaces[key.namespace] = nil }
        }
    }

    /// The objects of one namespace, or of all, in the order of namespace and name.
    func list(namespace: String?) -> [JSON] {
        if let namespace { return Self.sorted(namespaces[namespace] ?? [:]) }
        return namespaces.keys.sorted().flatMap { Self.sorted(namespaces[$0] ?? [:]) }
    }

    func names(in namespace: String) -> [String] {
        (namespaces[namespace] ?? [:]).keys.sorted()
    }

    func keys(_ resource: String) -> [ObjectKey] {
        namespaces.keys.sorted().flatMap { namespace in
            names(in: namespace).map { ObjectKey(resource, namespace: namespace, name: $0) }
        }
    }

    private static func sorted(_ objects: [String: JSON]) -> [JSON] {
        objects.sorted { $0.key < $1.key }.map(\.value)
    }
}

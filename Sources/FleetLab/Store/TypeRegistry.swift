import FleetModel

/// The kinds one API server has now: the built-in ones and those of its
/// CustomResourceDefinitions.
struct TypeRegistry: Sendable {
    private var types: [String: ResourceType] = [:]
    /// Sorted by group and plural; counts up with every change.
    private(set) var all: [ResourceType] = []

    init() {
        for type in BuiltinTypes.all { types[type.id] = type }
        sort()
    }

    subscript(id: String) -> ResourceType? { types[id] }

    /// Takes over what a CustomResourceDefinition says; one that makes no sense is left out.
    mutating func register(_ definition: JSON) {
        guard let type = ResourceType(definition: definition) else { return }
        types[type.id] = type
        sort()
    }

    mutating func unregister(_ id: String) {
        types[id] = nil
        sort()
    }

    private mutating func sort() {
        all = types.values.sorted { ($0.group, $0.plural) < ($1.group, $1.plural) }
    }
}

import FleetModel

/// The fields that somebody owns, down to the leaves.
struct FieldSet: Hashable, Sendable {
    private(set) var paths: Set<FieldPath>

    init(_ paths: Set<FieldPath> = []) {
        self.paths = paths
    }

    /// Every field that an object of a kind sets, but for those nobody can own.
    init(of object: JSON, as type: ResourceType) {
        var collector = FieldCollector(type: type)
        collector.collect(Self.ownable(object), [], [])
        paths = collector.paths
    }

    /// What somebody changed from one object to the other: set anew or otherwise.
    init(changedFrom before: JSON, to after: JSON, as type: ResourceType) {
        let all = FieldSet(of: after, as: type).paths
        paths = all.filter { $0.value(in: before) != $0.value(in: after) }
    }

    /// Reads `fieldsV1`.
    init(fields: JSON) {
        paths = []
        insert(fields, [])
    }

    private mutating func insert(_ fields: JSON, _ prefix: [String]) {
        let members = fields.object ?? [:]
        if members.isEmpty, !prefix.isEmpty { paths.insert(FieldPath(elements: prefix)) }
        for (element, below) in members { insert(below, prefix + [element]) }
    }

    var isEmpty: Bool { paths.isEmpty }

    /// The set as `fieldsV1`.
    var fields: JSON {
        var tree = JSON.object([:])
        for path in paths.sorted() { Self.plant(path.elements[...], in: &tree) }
        return tree
    }

    private static func plant(_ elements: ArraySlice<String>, in tree: inout JSON) {
        guard let first = elements.first else { return }
        var child = tree[first] ?? [:]
        plant(elements.dropFirst(), in: &child)
        tree[first] = child
    }

    func union(_ other: FieldSet) -> FieldSet { FieldSet(paths.union(other.paths)) }
    func intersection(_ other: FieldSet) -> FieldSet { FieldSet(paths.intersection(other.paths)) }
    func subtracting(_ other: FieldSet) -> FieldSet { FieldSet(paths.subtracting(other.paths)) }

    private static let systemMetadata = [
        "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation",
        "selfLink", "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds",
        "generateName",
    ]

    private static func ownable(_ object: JSON) -> JSON {
        var copy = object
        for field in ["apiVersion", "kind"] { copy[field] = nil }
        guard copy["metadata"] != nil else { return copy }
        for field in systemMetadata { copy.metadata[field] = nil }
        if copy.metadata == [:] { copy["metadata"] = nil }
        return copy
    }
}

/// Walks an object and notes the path of every leaf.
private struct FieldCollector {
    let type: ResourceType
    var paths: Set<FieldPath> = []

    mutating func collect(_ value: JSON, _ elements: [String], _ names: [String]) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (key, child) in members { collect(child, elements + ["f:" + key], names + [key]) }
        case .array(let items): collect(items, elements, names)
        default: if !elements.isEmpty { paths.insert(FieldPath(elements: elements)) }
        }
    }

    private mutating func collect(_ items: [JSON], _ elements: [String], _ names: [String]) {
        switch ListKind.of(names, in: type) {
        case .atomic: paths.insert(FieldPath(elements: elements))
        case .set:
            for item in items {
                paths.insert(FieldPath(elements: elements + ["v:" + item.description]))
            }
        case .map(let keys):
            for item in items {
                let element = Self.element(of: item, keys)
                paths.insert(FieldPath(elements: elements + [element, "."]))
                collect(item, elements + [element], names)
            }
        }
    }

    static func element(of item: JSON, _ keys: [String]) -> String {
        var identity = JSON.object([:])
        for key in keys { identity[key] = item[key] ?? (key == "protocol" ? "TCP" : .null) }
        return "k:" + identity.description
    }
}

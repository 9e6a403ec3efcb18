import FleetModel

/// What a `ClusterStore` keeps behind its lock. Every rule of the store that
/// needs to see several objects at once lives in its extensions.
struct StoreState: Sendable {
    var types = TypeRegistry()
    var history: ChangeHistory
    var identities: ObjectIdentities
    var addresses = ServiceAddresses()
    /// The time of the change under way; set before each.
    var now = LabTime(milliseconds: 0)
    private var tables: [String: ObjectTable] = [:]
    /// Where the object with a uid is.
    private(set) var places: [String: ObjectKey] = [:]
    /// The objects that name a uid as their owner.
    private(set) var dependents: [String: Set<ObjectKey>] = [:]

    init(seed: UInt64, historyLimit: Int) {
        identities = ObjectIdentities(seed: seed)
        history = ChangeHistory(limit: historyLimit)
    }

    subscript(key: ObjectKey) -> JSON? { tables[key.resource]?[key] }

    func list(_ resource: String, namespace: String?) -> [JSON] {
        tables[resource]?.list(namespace: namespace) ?? []
    }

    func keys(_ resource: String) -> [ObjectKey] {
        tables[resource]?.keys(resource) ?? []
    }

    /// Everything in a namespace, in the order of resource and name.
    func keys(inNamespace namespace: String) -> [ObjectKey] {
        tables.keys.sorted().flatMap { resource in
            (tables[resource]?.names(in: namespace) ?? []).map {
                ObjectKey(resource, namespace: namespace, name: $0)
            }
        }
    }

    func type(_ resource: String) throws(StatusError) -> ResourceType {
        guard let type = types[resource] else { throw .unknownResource }
        return type
    }

    // MARK: - The two ways anything changes

    /// Stores an object under a new version and tells the watches.
    @discardableResult
    mutating func write(_ object: JSON, at key: ObjectKey) -> JSON {
        let previous = self[key]
        var stored = object
        stored.metadata["resourceVersion"] = .string(String(history.lastVersion + 1))
        if let previous { forgetOwners(of: previous, at: key) }
        rememberOwners(of: stored, at: key)
        tables[key.resource, default: ObjectTable()][key] = stored
        record(previous == nil ? .added : .modified, key, stored, previous)
        if key.resource == "customresourcedefinitions.apiextensions.k8s.io" {
            types.register(stored)
        }
        return stored
    }

    /// Takes an object out for good. What follows from that is `erase`'s business.
    mutating func takeOut(_ key: ObjectKey) -> JSON? {
        guard var object = self[key] else { return nil }
        let previous = object
        forgetOwners(of: object, at: key)
        places[object.uid] = nil
        tables[key.resource]?[key] = nil
        object.metadata["resourceVersion"] = .string(String(history.lastVersion + 1))
        record(.deleted, key, object, previous)
        return object
    }

    private mutating func record(
        _ type: StoreChange.Kind, _ key: ObjectKey, _ object: JSON, _ previous: JSON?
    ) {
        history.append(
            StoreChange(
                resourceVersion: history.lastVersion + 1, type: type, key: key, object: object,
                previous: previous))
    }

    private mutating func rememberOwners(of object: JSON, at key: ObjectKey) {
        places[object.uid] = key
        for owner in object.ownerIDs { dependents[owner, default: []].insert(key) }
    }

    private mutating func forgetOwners(of object: JSON, at key: ObjectKey) {
        for owner in object.ownerIDs {
            dependents[owner]?.remove(key)
            if dependents[owner]?.isEmpty == true { dependents[owner] = nil }
        }
    }
}

import FleetModel

/// A patch that knows which lists are merged item by item, and its directives
/// (k8s.io/apimachinery `pkg/util/strategicpatch`).
struct StrategicMergePatch {
    private let type: ResourceType

    /// The object of a kind with a patch laid over it.
    ///
    /// - Throws: 400 for a directive that doesn't exist or an item without its key.
    static func applied(
        _ patch: JSON, to object: JSON, as type: ResourceType
    ) throws(StatusError) -> JSON {
        try StrategicMergePatch(type: type).merge(patch, into: object, path: [])
    }

    private func merge(
        _ patch: JSON, into original: JSON?, path: [String]
    ) throws(StatusError) -> JSON {
        guard case .object(var changes) = patch else { return patch }
        var members = original?.object ?? [:]
        switch changes.removeValue(forKey: "$patch")?.string {
        case nil, "merge": break
        case "replace": return .object(changes)
        case "delete": return [:]
        case let other?: throw .badRequest("Unknown patch type: \(other)")
        }
        if let retained = changes.removeValue(forKey: "$retainKeys")?.array {
            let keys = Set(retained.compactMap(\.string))
            members = members.filter { keys.contains($0.key) }
        }
        let orders = Self.directives("$setElementOrder/", in: &changes)
        for (key, values) in Self.directives("$deleteFromPrimitiveList/", in: &changes) {
            let gone = values.array ?? []
            members[key] = members[key]?.array.map { .array($0.filter { !gone.contains($0) }) }
        }
        for (key, change) in changes {
            members[key] = try merged(change, members[key], orders[key], path + [key])
        }
        for (key, order) in orders where changes[key] == nil {
            guard let items = members[key]?.array else { continue }
            members[key] = .array(ordered(items, by: order, path + [key]))
        }
        return .object(members)
    }

    private func merged(
        _ change: JSON, _ value: JSON?, _ order: JSON?, _ path: [String]
    ) throws(StatusError) -> JSON? {
        switch change {
        case .null: return nil
        case .object: return try merge(change, into: value, path: path)
        case .array(let items):
            let list = try mergeList(items, into: value?.array ?? [], path)
            return .array(order.map { ordered(list, by: $0, path) } ?? list)
        default: return change
        }
    }

    /// Takes the members whose names start with a directive out, by the field they are about.
    private static func directives(
        _ prefix: String, in changes: inout [String: JSON]
    ) -> [String: JSON] {
        var found: [String: JSON] = [:]
        for (key, value) in changes where key.hasPrefix(prefix) {
            found[String(key.dropFirst(prefix.count))] = value
            changes[key] = nil
        }
        return found
    }
}

// MARK: - Lists

extension StrategicMergePatch {
    private func mergeList(
        _ changes: [JSON], into items: [JSON], _ path: [String]
    ) throws(StatusError) -> [JSON] {
        switch ListKind.of(path, in: type) {
        case .atomic: return changes.filter { $0["$patch"] == nil }
        case .set: return items + changes.filter { !items.contains($0) }
        case .map(let keys): return try mergeItems(changes, into: items, key: keys[0], path)
        }
    }

    private func mergeItems(
        _ changes: [JSON], into items: [JSON], key: String, _ path: [String]
    ) throws(StatusError) -> [JSON] {
        let replaces = changes.contains { $0["$patch"] == "replace" && $0[key] == nil }
        var result = replaces ? [] : items
        for change in changes where !(change["$patch"] == "replace" && change[key] == nil) {
            guard let identity = change[key] else {
                throw .badRequest(
                    "map: \(change) does not contain declared merge key: \(key)")
            }
            let place = result.firstIndex { $0[key] == identity }
            if change["$patch"] == "delete" {
                result.removeAll { $0[key] == identity }
            } else if let place {
                result[place] = try merge(change, into: result[place], path: path)
            } else {
                result.append(try merge(change, into: nil, path: path))
            }
        }
        return result
    }

    /// The items that the order names, in that order; the places of the others stay.
    private func ordered(_ items: [JSON], by order: JSON, _ path: [String]) -> [JSON] {
        let wanted = order.array ?? []
        let identity: (JSON) -> JSON =
            if case .map(let keys) = ListKind.of(path, in: type) {
                { $0[keys[0]] ?? .null }
            } else {
                { $0 }
            }
        let ranks = wanted.map { $0.object == nil ? $0 : identity($0) }
        let places = items.indices.filter { ranks.contains(identity(items[$0])) }
        let sorted = places.sorted { left, right in
            let leftRank = ranks.firstIndex(of: identity(items[left])) ?? 0
            let rightRank = ranks.firstIndex(of: identity(items[right])) ?? 0
            return (leftRank, left) < (rightRank, right)
        }
        var result = items
        for (place, source) in zip(places, sorted) { result[place] = items[source] }
        return result
    }
}

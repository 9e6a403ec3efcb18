import FleetModel

/// Makes an object look as one of its managers wants it, and nobody else's fields different.
struct ServerSideApply {
    let type: ResourceType
    let writer: ManagedFields.Writer
    /// Whether to take over fields that another manager owns with another value.
    let isForced: Bool

    /// The live object after the configuration was applied to it.
    ///
    /// - Throws: 409 `Conflict` naming every manager in the way.
    func applied(_ configuration: JSON, to live: JSON) throws(StatusError) -> JSON {
        var managed = ManagedFields(of: live)
        let wanted = FieldSet(of: configuration, as: type)
        let changed = FieldSet(wanted.paths.filter { differs($0, configuration, live) })
        try check(changed, against: managed)
        var object = merge(configuration, into: live, path: [])
        let abandoned = managed.fields(of: writer).subtracting(wanted)
            .subtracting(managed.fields(exceptOf: writer))
        // Whole items first: they couldn't be found any more once their keys are gone.
        let items = abandoned.paths.filter { $0.elements.last == "." }.sorted()
        for path in items + abandoned.paths.subtracting(items).sorted() {
            object = path.removed(from: object)
        }
        managed.take(changed, exceptFrom: writer)
        managed.set(wanted, of: writer)
        managed.keep(onlyIn: object)
        object.metadata["managedFields"] = managed.list
        return object
    }

    private func differs(_ path: FieldPath, _ configuration: JSON, _ live: JSON) -> Bool {
        guard let there = path.value(in: live) else { return true }
        if path.elements.last == "." { return false }
        let here = path.value(in: configuration)
        // To want an empty object is to want one at all.
        return here == [:] ? there.object == nil : here != there
    }

    private func check(
        _ changed: FieldSet, against managed: ManagedFields
    ) throws(StatusError) {
        guard !isForced else { return }
        let causes = managed.entries.filter { !$0.isBy(writer) }.flatMap { entry in
            entry.fields.intersection(changed).paths.sorted().map { Self.cause(entry, $0) }
        }
        guard !causes.isEmpty else { return }
        let count = causes.count == 1 ? "1 conflict" : "\(causes.count) conflicts"
        throw StatusError(
            code: 409, reason: "Conflict",
            message: "Apply failed with \(count): \(Self.summary(of: causes))",
            details: ["causes": .array(causes)])
    }

    /// The conflicts by who is in the way, as the server's message groups them.
    private static func summary(of causes: [JSON]) -> String {
        var order: [String] = []
        var fields: [String: [String]] = [:]
        for cause in causes {
            let who = cause["message"]?.string ?? ""
            if fields[who] == nil { order.append(who) }
            fields[who, default: []].append(cause["field"]?.string ?? "")
        }
        return order.map { who in
            let places = fields[who] ?? []
            guard places.count > 1 else { return "\(who): \(places.joined())" }
            let plural = "conflicts" + who.dropFirst("conflict".count)
            return "\(plural):\n" + places.map { "- \($0)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func cause(_ entry: ManagedFields.Entry, _ path: FieldPath) -> JSON {
        let part = entry.subresource.isEmpty ? "" : " with subresource \"\(entry.subresource)\""
        return [
            "reason": "FieldManagerConflict", "field": .string(path.shown),
            "message": .string(
                "conflict with \(entry.manager.jsonQuoted)\(part) using \(entry.apiVersion)"),
        ]
    }

    private func merge(_ wanted: JSON, into live: JSON?, path: [String]) -> JSON {
        switch wanted {
        case .object(let members):
            var result = live?.object ?? [:]
            for (key, value) in members {
                result[key] = merge(value, into: result[key], path: path + [key])
            }
            return .object(result)
        case .array(let items): return .array(merge(items, into: live?.array ?? [], path: path))
        default: return wanted
        }
    }

    private func merge(_ wanted: [JSON], into live: [JSON], path: [String]) -> [JSON] {
        switch ListKind.of(path, in: type) {
        case .atomic: return wanted
        case .set: return live + wanted.filter { !live.contains($0) }
        case .map(let keys):
            var result = live
            for item in wanted {
                let identity = Self.identity(item, keys)
                let place = result.firstIndex { Self.identity($0, keys) == identity }
                let merged = merge(item, into: place.map { result[$0] }, path: path)
                if let place { result[place] = merged } else { result.append(merged) }
            }
            return result
        }
    }

    private static func identity(_ item: JSON, _ keys: [String]) -> [JSON] {
        keys.map { item[$0] ?? ($0 == "protocol" ? "TCP" : .null) }
    }
}

import FleetModel

/// A patch of operations, one after the other (RFC 6902).
struct JSONPatch: Sendable {
    private enum Operation: Sendable {
        case add(JSONPointer, JSON)
        case remove(JSONPointer)
        case replace(JSONPointer, JSON)
        case move(from: JSONPointer, JSONPointer)
        case copy(from: JSONPointer, JSONPointer)
        case test(JSONPointer, JSON)
    }

    /// The operation can't be done on this document, or its test failed.
    private struct Misfit: Error {}

    /// As many as a real API server takes in one patch.
    private static let operationLimit = 10_000

    private let operations: [Operation]

    /// - Throws: 400 when the document is no such patch.
    init(_ document: JSON) throws(StatusError) {
        guard let items = document.array else {
            throw .badRequest(
                "error decoding patch: json: cannot unmarshal into Go value of type"
                    + " jsonpatch.Patch")
        }
        guard items.count <= Self.operationLimit else {
            throw StatusError(
                code: 413, reason: "RequestEntityTooLarge",
                message: "The allowed maximum operations in a JSON patch is"
                    + " \(Self.operationLimit), got \(items.count)")
        }
        var operations: [Operation] = []
        for item in items { operations.append(try Self.operation(item)) }
        self.operations = operations
    }

    /// The document after every operation.
    ///
    /// - Throws: 422 when one can't be done: then none is.
    func applied(to document: JSON) throws(StatusError) -> JSON {
        var result = document
        do {
            for operation in operations { try Self.perform(operation, on: &result) }
        } catch {
            throw .unprocessablePatch
        }
        return result
    }

    private static func operation(_ item: JSON) throws(StatusError) -> Operation {
        guard let path = item["path"]?.string.flatMap(JSONPointer.init) else {
            throw .unprocessablePatch
        }
        let from = item["from"]?.string.flatMap(JSONPointer.init)
        let value = item["value"] ?? .null
        switch (item["op"]?.string, from) {
        case ("add", _): return .add(path, value)
        case ("remove", _): return .remove(path)
        case ("replace", _): return .replace(path, value)
        case ("test", _): return .test(path, value)
        case ("move", let from?): return .move(from: from, path)
        case ("copy", let from?): return .copy(from: from, path)
        default: throw .unprocessablePatch
        }
    }

    private static func perform(_ operation: Operation, on document: inout JSON) throws(Misfit) {
        switch operation {
        case .add(let path, let value): try add(value, at: path, to: &document)
        case .remove(let path): try remove(path, from: &document)
        case .replace(let path, let value):
            guard path.value(in: document) != nil else { throw Misfit() }
            try edit(&document, path.tokens[...]) { $0 = value }
        case .move(let from, let path):
            guard let value = from.value(in: document) else { throw Misfit() }
            try remove(from, from: &document)
            try add(value, at: path, to: &document)
        case .copy(let from, let path):
            guard let value = from.value(in: document) else { throw Misfit() }
            try add(value, at: path, to: &document)
        case .test(let path, let value):
            // What isn't there equals null, as in the library Kubernetes uses.
            guard path.value(in: document) ?? .null == value else { throw Misfit() }
        }
    }

    private static func add(
        _ value: JSON, at path: JSONPointer, to document: inout JSON
    ) throws(Misfit) {
        guard let last = path.tokens.last else { return document = value }
        try edit(&document, path.tokens.dropLast()) { parent throws(Misfit) in
            switch parent {
            case .object: parent[last] = value
            case .array(var items):
                let place = last == "-" ? String(items.count) : last
                guard let index = JSONPointer.index(place, below: items.count + 1) else {
                    throw Misfit()
                }
                items.insert(value, at: index)
                parent = .array(items)
            default: throw Misfit()
            }
        }
    }

    private static func remove(_ path: JSONPointer, from document: inout JSON) throws(Misfit) {
        guard let last = path.tokens.last else { throw Misfit() }
        try edit(&document, path.tokens.dropLast()) { parent throws(Misfit) in
            switch parent {
            case .object(let members) where members[last] != nil: parent[last] = nil
            case .array(var items):
                guard let index = JSONPointer.index(last, below: items.count) else {
                    throw Misfit()
                }
                items.remove(at: index)
                parent = .array(items)
            default: throw Misfit()
            }
        }
    }

    /// Changes the value at the end of a path that must exist.
    private static func edit(
        _ value: inout JSON, _ tokens: ArraySlice<String>,
        _ change: (inout JSON) throws(Misfit) -> Void
    ) throws(Misfit) {
        guard let token = tokens.first else { return try change(&value) }
        switch value {
        case .object(var members):
            guard var child = members[token] else { throw Misfit() }
            try edit(&child, tokens.dropFirst(), change)
            members[token] = child
            value = .object(members)
        case .array(var items):
            guard let index = JSONPointer.index(token, below: items.count) else { throw Misfit() }
            try edit(&items[index], tokens.dropFirst(), change)
            value = .array(items)
        default: throw Misfit()
        }
    }
}

import FleetModel

/// The way to one field, in the notation of `metadata.managedFields`: `f:spec`,
/// `k:{"name":"app"}` for an item found by its keys, `v:"x"` for an item of a set,
/// and `.` for an item itself.
struct FieldPath: Hashable, Comparable, Sendable {
    var elements: [String]

    static func < (left: FieldPath, right: FieldPath) -> Bool {
        left.elements.lexicographicallyPrecedes(right.elements)
    }

    /// The path as messages show it: `.spec.containers[name="app"].image`.
    var shown: String {
        elements.map { element in
            let text = String(element.dropFirst(2))
            switch element.prefix(2) {
            case "f:": return "." + text
            case "k:": return Self.shownKeys(text)
            case "v:": return "[=\(text)]"
            default: return ""
            }
        }.joined()
    }

    private static func shownKeys(_ text: String) -> String {
        // The element was written by this server or came in with an object.
        let keys = try? JSONParser.parse(Array(text.utf8))
        let parts = (keys?.object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "[\(parts.joined(separator: ","))]"
    }

    // MARK: - Looking a path up

    /// The value there; for an item itself, the item.
    func value(in object: JSON) -> JSON? {
        elements.reduce(Optional(object)) { value, element in
            value.flatMap { Self.child(element, of: $0) }
        }
    }

    private static func child(_ element: String, of value: JSON) -> JSON? {
        switch element.prefix(2) {
        case "f:": value[String(element.dropFirst(2))]
        case "k:", "v:": index(of: element, in: value.array ?? []).flatMap { value[$0] }
        default: value
        }
    }

    private static func index(of element: String, in items: [JSON]) -> Int? {
        items.firstIndex { item in
            element.hasPrefix("v:")
                ? "v:" + item.description == element : Self.matches(item, element)
        }
    }

    /// Whether an item has the keys an element names. A protocol left out is TCP.
    private static func matches(_ item: JSON, _ element: String) -> Bool {
        // An element that can't be read matches nothing.
        guard let keys = try? JSONParser.parse(Array(element.dropFirst(2).utf8)),
            let members = keys.object
        else { return false }
        return members.allSatisfy { key, value in
            (item[key] ?? (key == "protocol" ? "TCP" : .null)) == value
        }
    }

    /// The object without what is at the end of the path, nor what is empty for its lack.
    func removed(from object: JSON) -> JSON {
        Self.removed(elements[...], from: object) ?? [:]
    }

    private static func removed(_ elements: ArraySlice<String>, from value: JSON) -> JSON? {
        guard let element = elements.first, element != "." else { return nil }
        let rest = elements.dropFirst()
        if element.hasPrefix("f:") {
            let key = String(element.dropFirst(2))
            guard let child = value[key] else { return value }
            var copy = value
            copy[key] = removed(rest, from: child)
            if copy == [:] { return nil }
            return copy
        }
        guard var items = value.array, let index = index(of: element, in: items) else {
            return value
        }
        if let left = removed(rest, from: items[index]) {
            items[index] = left
        } else {
            items.remove(at: index)
        }
        if items.isEmpty { return nil }
        return .array(items)
    }
}

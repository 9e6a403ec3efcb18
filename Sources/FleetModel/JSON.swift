/// A JSON document as a value.
///
/// Kubernetes objects are read for a handful of fields out of hundreds, and an
/// object that lacks one is ordinary, not an error. So every accessor is total:
/// a wrong turn gives `nil`, never a trap.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

// MARK: - Reading

extension JSON {
    /// The value under a key, or `nil` when this is no object or lacks the key.
    public subscript(key: String) -> JSON? {
        get { if case .object(let members) = self { members[key] } else { nil } }
        set {
            var members = object ?? [:]
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The value at a position, or `nil` when this is no array or is shorter.
    public subscript(index: Int) -> JSON? {
        guard case .array(let items) = self, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The value at the end of a path of keys, such as `["metadata", "labels", "app"]`.
    public subscript(path keys: [String]) -> JSON? {
        get { keys.reduce(Optional(self)) { $0?[$1] } }
        set { set(newValue, at: keys[...]) }
    }

    private mutating func set(_ value: JSON?, at keys: ArraySlice<String>) {
        guard let key = keys.first else { return self = value ?? .null }
        guard keys.count > 1 else { return self[key] = value }
        var child = self[key] ?? .object([:])
        child.set(value, at: keys.dropFirst())
        self[key] = child
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }
    public var isNull: Bool { self == .null }

    /// The value as a whole number. A double counts when it is one exactly.
    public var int: Int? {
        switch self {
        case .int(let value): Int(value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The object's members whose values are strings, as labels and annotations are.
    public var strings: [String: String] { (object ?? [:]).compactMapValues(\.string) }
}

// MARK: - Writing

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    public init(nilLiteral: ()) { self = .null }

    /// Labels or annotations as an object.
    public init(_ strings: [String: String]) { self = .object(strings.mapValues(JSON.string)) }
}

extension JSON: CustomStringConvertible {
    /// The document on one line with its keys sorted, so that equal documents
    /// have equal texts and a hash over the text means something.
    public var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += value.isFinite ? String(value) : "null"
        case .string(let value): text += value.jsonQuoted
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                item.write(to: &text)
            }
            text += "]"
        case .object(let members): write(members, to: &text)
        }
    }

    private func write(_ members: [String: JSON], to text: inout String) {
        text += "{"
        for (index, key) in members.keys.sorted().enumerated() {
            if index > 0 { text += "," }
            text += key.jsonQuoted + ":"
            (members[key] ?? .null).write(to: &text)
        }
        text += "}"
    }
}

extension String {
    /// The string between quotes, escaped as RFC 8259 section 7 asks.
    public var jsonQuoted: String {
        var quoted = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

// MARK: - Coding

extension JSON: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {  // The next type may fit.
            self = .string(value)
        } else if let value = try? container.decode([String: JSON].self) {  // Likewise.
            self = .object(value)
        } else if let value = try? container.decode([JSON].self) {  // Likewise.
            self = .array(value)
        } else if let value = try? container.decode(Bool.self) {  // Likewise.
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {  // Likewise.
            self = .int(value)
        } else {
            self = .double(try container.decode(Double.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

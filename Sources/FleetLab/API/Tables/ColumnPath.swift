import FleetModel

/// The JSONPath of a printer column, as far as definitions use it: `.status.state`,
/// `['a.b']`, `.items[0]` and `.conditions[?(@.type=="Ready")].status`.
struct ColumnPath: Sendable {
    private enum Step: Sendable {
        case key(String)
        case index(Int)
        case all
        case item(path: [String], value: String)
    }

    /// Nil when the path can't be read: its cells stay empty.
    private let steps: [Step]?

    init(_ text: String) {
        steps = Self.steps(of: text)
    }

    func value(in object: JSON) -> JSON? {
        steps?.reduce(Optional(object)) { value, step in
            switch step {
            case .key(let key): value?[key]
            case .index(let index): value?[index]
            case .all: value?.array?.first
            case .item(let path, let wanted):
                value?.array?.first { item in
                    let found = path.reduce(Optional(item)) { $0?[$1] }
                    return found?.string == wanted || found?.description == wanted
                }
            }
        }
    }

    private static func steps(of text: String) -> [Step]? {
        var steps: [Step] = []
        var rest = Substring(text.trimmed)
        if rest.hasPrefix("{"), rest.hasSuffix("}") { rest = rest.dropFirst().dropLast() }
        while !rest.isEmpty {
            if rest.hasPrefix("[") {
                guard let end = closing(rest), let step = bracket(rest[..<end].dropFirst()) else {
                    return nil
                }
                steps.append(step)
                rest = rest[end...].dropFirst()
            } else {
                let (key, left) = name(rest.hasPrefix(".") ? rest.dropFirst() : rest)
                guard !key.isEmpty else { return nil }
                steps.append(.key(key))
                rest = left
            }
        }
        return steps
    }

    /// The bracket that ends the first one, quotes and parentheses taken as they are.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices.dropFirst() {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "]" {
                return index
            }
        }
        return nil
    }

    private static func bracket(_ text: Substring) -> Step? {
        if text == "*" { return .all }
        if let index = Int(text) { return .index(index) }
        if let match = text.wholeMatch(of: /['"](.*)['"]/) { return .key(String(match.1)) }
        let filter = /\?\(\s*@\.([A-Za-z0-9_.]+)\s*==\s*['"]?([^'"]*)['"]?\s*\)/
        guard let match = text.wholeMatch(of: filter) else { return nil }
        return .item(path: match.1.split(separator: ".").map(String.init), value: String(match.2))
    }

    /// A name up to the next dot or bracket; a backslash takes away their meaning.
    private static func name(_ text: Substring) -> (key: String, rest: Substring) {
        var key = ""
        var rest = text
        while let character = rest.first, character != ".", character != "[" {
            rest = rest.dropFirst()
            if character == "\\", let escaped = rest.popFirst() {
                key.append(escaped)
            } else {
                key.append(character)
            }
        }
        return (key, rest)
    }
}

import FleetModel

/// A place in a document, in the notation of RFC 6901: `/metadata/labels/a~1b`.
struct JSONPointer: Hashable, Sendable {
    var tokens: [String]

    /// - Returns: `nil` unless the text is empty or starts with a slash.
    init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            // In this order, so that `~01` becomes `~1` and not a slash.
            String($0.replacing("~1", with: "/").replacing("~0", with: "~"))
        }
    }

    func value(in document: JSON) -> JSON? {
        var value: JSON? = document
        for token in tokens {
            switch value {
            case .object(let members): value = members[token]
            case .array(let items): value = Self.index(token, below: items.count).map { items[$0] }
            default: return nil
            }
        }
        return value
    }

    /// The number of an item; `nil` when there is none at that place.
    static func index(_ token: String, below count: Int) -> Int? {
        guard let index = Int(token), (0..<count).contains(index), String(index) == token else {
            return nil
        }
        return index
    }
}

import FleetModel
import FleetTestKit

extension JSON {
    /// The document with something wrong somewhere in it.
    func mutated(using generator: inout SeededGenerator) -> JSON {
        guard Int.random(in: 0..<4, using: &generator) > 0 else { return .nonsense(&generator) }
        switch self {
        case .object(var members):
            guard let key = members.keys.sorted().randomElement(using: &generator) else {
                return .nonsense(&generator)
            }
            if Int.random(in: 0..<6, using: &generator) == 0 {
                members[key] = nil
            } else {
                members[key] = members[key]?.mutated(using: &generator)
            }
            return .object(members)
        case .array(var items):
            guard let index = items.indices.randomElement(using: &generator) else {
                return .nonsense(&generator)
            }
            if Int.random(in: 0..<6, using: &generator) == 0 { items.append(items[index]) }
            items[index] = items[index].mutated(using: &generator)
            return .array(items)
        default: return .nonsense(&generator)
        }
    }

    private static func nonsense(_ generator: inout SeededGenerator) -> JSON {
        let values: [JSON] = [
            nil, true, 0, -1, .int(.max), .int(.min), 1.5, .double(.infinity), "", "istiod-", ":",
            "@", "\u{0}\u{FFFF}", "-----BEGIN CERTIFICATE-----", "{\"revision\":{}}", [], [nil],
            [["name": "istio-proxy"]], [:], ["matchLabels": ["a": nil]], ["items": []],
            ["istio-proxy": ["name": "istio-proxy"]], "9999-99-99T99:99:99Z",
        ]
        return values.randomElement(using: &generator) ?? .null
    }
}

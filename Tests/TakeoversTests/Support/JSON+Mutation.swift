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

    /// A document of anything, with the keys that readers look for.
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSON {
        guard depth > 0 else { return .nonsense(&generator) }
        let count = Int.random(in: 0...5, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return .nonsense(&generator)
        case 1: return .array((0..<count).map { _ in .random(depth: depth - 1, using: &generator) })
        default:
            let pairs = (0..<count + 2).map { _ in
                (
                    keys.randomElement(using: &generator) ?? "",
                    JSON.random(depth: depth - 1, using: &generator)
                )
            }
            return .object(Dictionary(pairs) { first, _ in first })
        }
    }

    private static let keys = [
        "metadata", "spec", "status", "name", "namespace", "labels", "annotations", "items",
        "containers", "initContainers", "template", "selector", "matchLabels", "webhooks",
        "matchExpressions", "namespaceSelector", "clientConfig", "service", "conditions",
        "type", "reason", "message", "history", "version", "clusters", "installations", "state",
        "loadBalancer", "ingress", "ip", "data", "root-cert.pem", "mesh", "app", "env", "args",
        "ownerReferences", "controller", "kind", "replicas", "proxy", "phase", "generation",
    ]

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

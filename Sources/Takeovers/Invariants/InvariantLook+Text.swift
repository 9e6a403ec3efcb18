import FleetModel

/// A look as the journal keeps it over a coordinator's death.
///
/// ```
/// {"format":1, "kinds":["I3","I4"], "parts":{"owners":{"shop":{"Deployment":{"cart":[3,0,3]}}}}}
/// ```
///
/// Each part has what a later look is compared with, and no more: names and numbers, never an
/// object as the cluster has it. Whoever changes what a part means raises the format.
extension InvariantLook: StepBaseline {
    private static let format = 1

    var text: String {
        let parts = facts.map { (type(of: $0).part, $0.kept) }
        let document: JSON = [
            "format": .int(Int64(Self.format)),
            "kinds": .array(facts.map { .string(type(of: $0).kind.rawValue) }),
            "parts": .object(Dictionary(parts) { first, _ in first }),
        ]
        return document.description
    }

    init(text: String) throws(UnreadableBaseline) {
        guard let document = JSON(parsing: text), let format = document["format"]?.int else {
            throw UnreadableBaseline("it is no look at a cluster")
        }
        guard format == Self.format else {
            throw UnreadableBaseline(
                "it has format \(format), and this program reads \(Self.format)")
        }
        guard let names = document["kinds"]?.texts else {
            throw UnreadableBaseline("it does not say what was looked at")
        }
        var facts: [any Invariant] = []
        for name in names { facts.append(try Self.fact(name, in: document["parts"] ?? [:])) }
        self.init(facts: facts)
    }

    private static func fact(
        _ name: String, in parts: JSON
    ) throws(UnreadableBaseline) -> any Invariant {
        guard let kind = InvariantKind(rawValue: name)?.invariant else {
            throw UnreadableBaseline("it has an invariant that nobody knows")
        }
        guard let part = parts[kind.part], let fact = kind.init(kept: part) else {
            throw UnreadableBaseline("its part \(kind.part) makes no sense")
        }
        return fact
    }
}

/// Readers of parts: what is not wholly as it was written is nothing.
extension JSON {
    init(_ texts: some Sequence<String>) { self = .array(texts.sorted().map(JSON.string)) }

    /// An object of nothing but strings.
    var textsByName: [String: String]? {
        guard let object else { return nil }
        let texts = object.compactMapValues(\.string)
        return texts.count == object.count ? texts : nil
    }
}

import FleetModel

/// The values of a Helm release.
struct HelmValues: Hashable, Sendable {
    private(set) var document: JSON = [:]

    /// Whether a package of Big Bang is switched on; its packages are off unless they say so.
    func enables(_ package: String) -> Bool {
        document[path: [package, "enabled"]]?.bool ?? false
    }

    /// Lays other values over these: mappings are joined, anything else is replaced.
    mutating func overlay(_ other: HelmValues) {
        document = Self.joined(document, other.document)
    }

    private static func joined(_ lower: JSON, _ upper: JSON) -> JSON {
        guard case .object(var members) = lower, case .object(let others) = upper else {
            return upper
        }
        for (key, value) in others {
            members[key] = members[key].map { joined($0, value) } ?? value
        }
        return .object(members)
    }

    /// What a release asks for: each source of `valuesFrom` in order, then `values`.
    ///
    /// - Returns: `nil` when a source that isn't optional is missing or can't be read.
    init?(of release: JSON, in store: ClusterStore) {
        for source in release[path: ["spec", "valuesFrom"]]?.array ?? [] {
            let isOptional = source["optional"]?.bool ?? false
            guard let text = Self.text(of: source, in: release.namespace, store) else {
                guard isOptional else { return nil }
                continue
            }
            guard let values = HelmValues(text: text) else { return nil }
            overlay(values)
        }
        if let inline = release[path: ["spec", "values"]] { overlay(HelmValues(document: inline)) }
    }

    init(document: JSON) { self.document = document }

    /// What one source of `valuesFrom` says; `nil` when it isn't there.
    static func text(
        of source: JSON, in space: String, _ store: ClusterStore
    ) -> String? {
        let name = source["name"]?.string ?? ""
        let field = source["valuesKey"]?.string ?? "values.yaml"
        guard source["kind"]?.string == "Secret" else {
            let map = store.get(ObjectKey("configmaps", namespace: space, name: name))
            return map?[path: ["data", field]]?.string
        }
        let secret = store.get(ObjectKey("secrets", namespace: space, name: name))
        return secret?[path: ["data", field]]?.base64Text
    }

    /// Reads JSON, or the small part of YAML that values in the lab are written in:
    /// mappings in block style, of mappings and of plain scalars.
    init?(text: String) {
        if let json = JSON(parsing: text) {
            guard json.object != nil else { return nil }
            document = json
            return
        }
        var path: [(indent: Int, key: String)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let content = line.drop { $0 == " " }
            guard !content.isEmpty, !content.hasPrefix("#"), content != "---" else { continue }
            let indent = line.count - content.count
            guard let colon = content.firstIndex(of: ":") else { return nil }
            while let last = path.last, last.indent >= indent { path.removeLast() }
            path.append((indent, String(content[..<colon])))
            let value = content[content.index(after: colon)...].drop { $0 == " " }
            guard !value.isEmpty else { continue }
            document[path: path.map(\.key)] = Self.scalar(String(value))
        }
    }

    private static func scalar(_ text: String) -> JSON {
        if let json = JSON(parsing: text) { return json }
        return .string(text.filter { $0 != "'" })
    }
}

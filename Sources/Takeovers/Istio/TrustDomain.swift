import FleetModel

/// The trust domain of a mesh, from its configuration.
enum TrustDomain {
    /// What Istio uses when nobody says otherwise.
    static let fallback = "cluster.local"

    /// Reads `mesh` of a ConfigMap `istio` or `istio-REV`, which says what it leaves to Istio by
    /// saying nothing.
    ///
    /// The value is YAML; the one key is at its top level, so the line that
    /// starts with it is enough. JSON is YAML, too.
    static func of(meshConfigMap: JSON) -> String {
        let mesh = meshConfigMap[path: ["data", "mesh"]]?.string ?? ""
        if let json = JSON(parsing: mesh) { return json["trustDomain"]?.nonEmpty ?? fallback }
        for line in mesh.split(whereSeparator: \.isNewline) where line.hasPrefix("trustDomain:") {
            let value = plain(line.dropFirst("trustDomain:".count))
            if !value.isEmpty { return value }
        }
        return fallback
    }

    /// The domains that the mesh takes for its own, too: the list of `trustDomainAliases`, in
    /// brackets or one on each line below.
    static func aliases(meshConfigMap: JSON) -> [String] {
        let mesh = meshConfigMap[path: ["data", "mesh"]]?.string ?? ""
        if let json = JSON(parsing: mesh) { return aliases(in: json) }
        let rest = mesh.split(whereSeparator: \.isNewline)
            .drop { !$0.hasPrefix("trustDomainAliases:") }
        let inline = rest.first.map { plain($0.dropFirst("trustDomainAliases:".count)) } ?? ""
        if inline.hasPrefix("[") {
            return inline.split { "[],".contains($0) }.map(String.init)
        }
        return rest.dropFirst().map { $0.drop(while: \.isWhitespace) }
            .prefix { $0.hasPrefix("-") }
            .map { plain($0.dropFirst()) }.filter { !$0.isEmpty }
    }

    /// Those that a control plane's own settings ask for.
    static func aliases(askedBy settings: JSON?) -> [String] {
        let places = [["values", "meshConfig"], ["meshConfig"]]
        return places.flatMap { settings?[path: $0].map(aliases(in:)) ?? [] }
    }

    private static func aliases(in mesh: JSON) -> [String] {
        mesh.items("trustDomainAliases").compactMap(\.nonEmpty)
    }

    /// A scalar without its quotes and what is said about it.
    static func plain(_ text: Substring) -> String {
        text.prefix { $0 != "#" }.filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
    }

    /// Reads it off a running proxy, which was told when it was injected; `nil` when
    /// there is no proxy, or it was not.
    static func of(proxyIn pod: JSON) -> String? {
        let containers = pod.spec.items("initContainers") + pod.spec.items("containers")
        let proxy = containers.first { $0["name"]?.string == "istio-proxy" }
        return proxy?.environment("TRUST_DOMAIN").flatMap { $0.isEmpty ? nil : $0 }
    }
}

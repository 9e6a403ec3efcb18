import FleetModel

/// The trust domain of a mesh, from its configuration.
enum TrustDomain {
    /// What Istio uses when nobody says otherwise.
    static let fallback = "cluster.local"

    /// Reads `mesh` of a ConfigMap `istio` or `istio-REV`.
    ///
    /// The value is YAML; the one key is at its top level, so the line that
    /// starts with it is enough.
    static func of(meshConfigMap: JSON) -> String {
        let mesh = meshConfigMap[path: ["data", "mesh"]]?.string ?? ""
        for line in mesh.split(whereSeparator: \.isNewline) where line.hasPrefix("trustDomain:") {
            let value = plain(line.dropFirst("trustDomain:".count))
            if !value.isEmpty { return value }
        }
        return fallback
    }

    /// The domains that the mesh takes for its own, too: the list below `trustDomainAliases`, one
    /// on each line, or in brackets behind it.
    static func aliases(meshConfigMap: JSON) -> [String] {
        let mesh = meshConfigMap[path: ["data", "mesh"]]?.string ?? ""
        let lines = mesh.split(whereSeparator: \.isNewline)
            .drop { !$0.hasPrefix("trustDomainAliases:") }
        let inline = (lines.first ?? "").dropFirst("trustDomainAliases:".count)
            .filter { $0 != "[" && $0 != "]" }.split(separator: ",").map { plain($0[...]) }
        let below = lines.dropFirst()
            .map { $0.drop(while: \.isWhitespace) }
            .prefix { $0.hasPrefix("-") }
            .map { plain($0.dropFirst()) }
        return (inline + below).filter { !$0.isEmpty }
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

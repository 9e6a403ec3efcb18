import FleetModel

/// What pods may reach that the mesh does not know: `outboundTrafficPolicy.mode`.
enum OutboundTraffic {
    /// What Istio does when nobody says otherwise.
    static let fallback = "ALLOW_ANY"

    /// Reads `mesh` of a ConfigMap `istio` or `istio-REV`.
    ///
    /// The value is YAML, in which the mode stands below a key at the top level, or in braces
    /// behind it.
    static func of(meshConfigMap: JSON) -> String {
        let mesh = meshConfigMap[path: ["data", "mesh"]]?.string ?? ""
        if let json = JSON(parsing: mesh) { return mode(in: json) ?? fallback }
        let lines = mesh.split(whereSeparator: \.isNewline)
        let rest = lines.drop { !$0.hasPrefix("outboundTrafficPolicy:") }
        guard let first = rest.first else { return fallback }
        let below = rest.dropFirst().prefix { $0.hasPrefix(" ") || $0.hasPrefix("#") }
        let inline = first.dropFirst("outboundTrafficPolicy:".count)
        return ([inline] + below).lazy.compactMap(mode(of:)).first ?? fallback
    }

    /// What a control plane's own settings ask for; `nil` when they leave it to Istio.
    static func asked(of settings: JSON?) -> String? {
        guard let settings else { return nil }
        let places = [["values", "meshConfig"], ["meshConfig"]]
        return places.lazy.compactMap { settings[path: $0].flatMap(mode(in:)) }.first
    }

    private static func mode(in mesh: JSON) -> String? {
        mesh[path: ["outboundTrafficPolicy", "mode"]]?.nonEmpty
    }

    private static func mode(of line: Substring) -> String? {
        let text = line.prefix { $0 != "#" }.filter { !" \t\"'{}".contains($0) }
        guard text.hasPrefix("mode:") else { return nil }
        let value = text.dropFirst("mode:".count).prefix { $0 != "," }
        return value.isEmpty ? nil : String(value)
    }
}

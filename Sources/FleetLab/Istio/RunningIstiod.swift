import FleetModel

/// What a running istiod injects, read from its Deployment and its mesh
/// configuration as istiod itself reads them.
struct RunningIstiod: Sendable {
    var revision: IstioRevision

    /// Reads a Deployment and the text of `mesh` in the ConfigMap `istio` or `istio-REV`;
    /// `nil` when there is no `discovery` container with a tagged image.
    init?(deployment: JSON, mesh: String) {
        let containers = deployment[path: ["spec", "template", "spec", "containers"]]?.array ?? []
        guard let discovery = containers.first(where: { $0["name"]?.string == "discovery" }),
            let image = discovery["image"]?.string, let colon = image.lastIndex(of: ":"),
            let slash = image[..<colon].lastIndex(of: "/")
        else { return nil }
        let environment = Self.environment(of: discovery)
        revision = IstioRevision(
            name: deployment.labels["istio.io/rev"] ?? IstioRevision.unrevisioned,
            hub: String(image[..<slash]), tag: String(image[image.index(after: colon)...]),
            owner: IstioOwner(
                name: deployment.labels[IstioOwner.nameLabel] ?? "unknown",
                namespace: deployment.labels[IstioOwner.namespaceLabel] ?? ""),
            cluster: environment["CLUSTER_ID"] ?? "Kubernetes")
        revision.trustDomain = Self.value("trustDomain", in: mesh) ?? "cluster.local"
        revision.holdsApplication =
            Self.value("holdApplicationUntilProxyStarts", in: mesh) == "true"
        revision.isNative =
            environment["ENABLE_NATIVE_SIDECARS"].map { $0 == "true" } ?? (minor ?? 0 >= 27)
    }

    /// The minor version of Istio 1.
    var minor: Int? {
        let parts = revision.tag.split(separator: ".")
        return parts.count > 1 ? Int(parts[1].prefix { $0.isNumber }) : nil
    }

    /// Whether its pods carry the annotation `istio.io/rev`; Istio added it in 1.18.
    var annotatesRevision: Bool { minor.map { $0 >= 18 } ?? true }

    private static func environment(of container: JSON) -> [String: String] {
        let pairs = (container["env"]?.array ?? []).compactMap { variable in
            variable["name"]?.string.flatMap { name in
                variable["value"]?.string.map { (name, $0) }
            }
        }
        return Dictionary(pairs) { _, last in last }
    }

    /// The scalar behind a key of the mesh configuration, wherever it is nested.
    private static func value(_ key: String, in mesh: String) -> String? {
        for line in mesh.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == key else { continue }
            let value = parts[1].drop { $0 == " " }.filter { $0 != "\"" && $0 != "'" }
            return value.isEmpty ? nil : String(value)
        }
        return nil
    }
}

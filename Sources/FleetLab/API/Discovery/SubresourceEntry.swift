/// A subresource as discovery lists it.
struct SubresourceEntry: Sendable {
    var name: String
    var kind: String
    /// Where the kind lives, when that isn't where its resource does.
    var group: String?
    var version: String?
    var verbs: [String]

    static func all(of type: ResourceType) -> [SubresourceEntry] {
        ResourceType.Subresource.allCases.filter(type.subresources.contains).map {
            entry($0, of: type)
        }.sorted { $0.name < $1.name }
    }

    private static func entry(
        _ subresource: ResourceType.Subresource, of type: ResourceType
    ) -> SubresourceEntry {
        let name = subresource.rawValue
        switch subresource {
        case .status, .ephemeralcontainers:
            return SubresourceEntry(name: name, kind: type.kind, verbs: ["get", "patch", "update"])
        case .scale:
            return SubresourceEntry(
                name: name, kind: "Scale", group: "autoscaling", version: "v1",
                verbs: ["get", "patch", "update"])
        case .eviction:
            return SubresourceEntry(
                name: name, kind: "Eviction", group: "policy", version: "v1", verbs: ["create"])
        case .binding: return SubresourceEntry(name: name, kind: "Binding", verbs: ["create"])
        case .log: return SubresourceEntry(name: name, kind: type.kind, verbs: ["get"])
        case .finalize: return SubresourceEntry(name: name, kind: type.kind, verbs: ["update"])
        case .exec, .attach, .portforward:
            let options = [
                ResourceType.Subresource.exec: "PodExecOptions", .attach: "PodAttachOptions",
            ]
            return SubresourceEntry(
                name: name, kind: options[subresource] ?? "PodPortForwardOptions",
                verbs: ["create", "get"])
        }
    }
}

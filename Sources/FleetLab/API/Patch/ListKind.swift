/// How two versions of a list of a Kubernetes object come together.
///
/// The real server has this from the `patchMergeKey` and `listMapKey` tags of its
/// types (k8s.io/api). Field names tell them apart well enough, with a look at the
/// path where one name means two things.
enum ListKind: Hashable, Sendable {
    /// As one value: the newer replaces the older.
    case atomic
    /// As a set of plain values.
    case set
    /// Item by item, by the values of these keys. The first one is the strategic merge key.
    case map(keys: [String])

    /// How one list of a kind comes together with another version of itself.
    ///
    /// - Parameters:
    ///   - path: the names of the fields down to the list, without list positions.
    ///   - type: the kind of the object; custom kinds have atomic lists only.
    /// - Returns: atomic for every list that nothing else is known of.
    static func of(_ path: [String], in type: ResourceType) -> ListKind {
        guard let name = path.last else { return .atomic }
        if path.first == "metadata" { return metadataKind(path) }
        guard !type.isCustom else { return .atomic }
        if name == "ports" { return ports(path, in: type) }
        if let keys = keysByField[name] { return .map(keys: keys) }
        return .atomic
    }

    private static func metadataKind(_ path: [String]) -> ListKind {
        switch path {
        case ["metadata", "finalizers"]: .set
        case ["metadata", "ownerReferences"]: .map(keys: ["uid"])
        default: .atomic
        }
    }

    private static func ports(_ path: [String], in type: ResourceType) -> ListKind {
        if path.dropLast().last?.hasSuffix("ontainers") == true {
            return .map(keys: ["containerPort", "protocol"])
        }
        return type.id == "services" && path == ["spec", "ports"]
            ? .map(keys: ["port", "protocol"]) : .atomic
    }

    private static let keysByField: [String: [String]] = [
        "conditions": ["type"],
        "containers": ["name"],
        "ephemeralContainers": ["name"],
        "env": ["name"],
        "hostAliases": ["ip"],
        "imagePullSecrets": ["name"],
        "initContainers": ["name"],
        "topologySpreadConstraints": ["topologyKey", "whenUnsatisfiable"],
        "volumeDevices": ["devicePath"],
        "volumeMounts": ["mountPath"],
        "volumes": ["name"],
        "webhooks": ["name"],
    ]
}

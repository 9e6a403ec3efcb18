/// A kind of object that an API server knows.
///
/// One value stands for the kind in all its served versions: they share one
/// storage, as in etcd, and an object changes its `apiVersion` on the way out.
public struct ResourceType: Hashable, Sendable {
    /// The API group; empty for the core group.
    public var group: String
    /// The version that objects are stored in, and that discovery prefers.
    public var version: String
    /// The versions a client may ask for, the preferred one first.
    public var servedVersions: [String]
    public var plural: String
    public var singular: String
    public var kind: String
    public var shortNames: [String]
    /// The sets, such as `all`, that `kubectl get` expands to this kind.
    public var categories: [String]
    public var isNamespaced: Bool
    public var subresources: Set<Subresource>
    /// Whether `metadata.generation` counts the changes of the desired state.
    public var hasGeneration: Bool
    /// Whether the kind came from a CustomResourceDefinition.
    public var isCustom: Bool
    /// The verbs discovery lists, in alphabetical order.
    public var verbs: [String]
    public var columns: [PrinterColumn]

    /// What hangs below an object's own path.
    public enum Subresource: String, Hashable, Sendable, CaseIterable {
        case status, scale, eviction, log, exec, attach, portforward, binding
        case ephemeralcontainers, finalize
    }

    public static let objectVerbs = [
        "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
    ]

    public init(
        group: String = "", version: String = "v1", also otherVersions: [String] = [],
        plural: String, kind: String, shortNames: [String] = [], categories: [String] = [],
        isNamespaced: Bool = true, subresources: Set<Subresource> = [],
        hasGeneration: Bool = false, isCustom: Bool = false,
        verbs: [String] = ResourceType.objectVerbs, columns: [PrinterColumn] = []
    ) {
        self.group = group
        self.version = version
        self.servedVersions = [version] + otherVersions
        self.plural = plural
        self.singular = kind.lowercased()
        self.kind = kind
        self.shortNames = shortNames
        self.categories = categories
        self.isNamespaced = isNamespaced
        self.subresources = subresources
        self.hasGeneration = hasGeneration
        self.isCustom = isCustom
        self.verbs = verbs
        self.columns = columns
    }

    /// The name without a version, as errors print it: `deployments.apps`, `pods`.
    public var id: String { group.isEmpty ? plural : "\(plural).\(group)" }
    public var hasStatus: Bool { subresources.contains(.status) }
    /// The `apiVersion` that stored objects carry.
    public var apiVersion: String { apiVersion(of: version) }
    /// The name of a list of these objects.
    public var listKind: String { kind + "List" }

    func apiVersion(of version: String) -> String {
        group.isEmpty ? version : "\(group)/\(version)"
    }
}

import FleetModel

/// The git repository in which a cluster's values stand.
///
/// The lab has no git: a ConfigMap beside Flux stands for the branch, and an edit of it
/// for a commit that was pushed.
enum EnvironmentRepository {
    static let name = "environment-repo"
    private static let key = ObjectKey("configmaps", namespace: FluxKinds.space, name: name)

    static func branch(_ values: String) -> JSON {
        Manifest.make(
            "v1", "ConfigMap", name, in: FluxKinds.space, ["data": ["values.yaml": .string(values)]]
        )
    }

    /// The values on the branch; nil for other repositories.
    static func content(of repository: JSON, in store: ClusterStore) -> String? {
        guard repository.name == name else { return nil }
        return store.get(key)?[path: ["data", "values.yaml"]]?.string
    }
}

import FleetModel

/// The git repository in which a cluster's values stand.
///
/// The lab has no git: a ConfigMap beside Flux stands for the branch, and an edit of it
/// for a commit that was pushed.
enum EnvironmentRepository {
    static let name = "environment-repo"
    private static let key = ObjectKey("configmaps", namespace: FluxKinds.space, name: name)
    private static let source = "bellwether.lab/repository"

    /// The branch of a GitRepository, `namespace/name`.
    ///
    /// The `parent` is the `spec` of the release that the values are for, where it isn't the
    /// lab's.
    static func branch(
        _ values: String, of repository: String = "\(FluxKinds.packages)/\(name)",
        parent: JSON? = nil
    ) -> JSON {
        var data: JSON = ["values.yaml": .string(values)]
        data["parent.json"] = (parent?.description).map(JSON.string)
        return Manifest.make(
            "v1", "ConfigMap", name, in: FluxKinds.space, annotations: [source: repository],
            ["data": data])
    }

    /// What is on the branch, by the names of its files; `nil` for other repositories.
    static func content(of repository: JSON, in store: ClusterStore) -> JSON? {
        guard let branch = store.get(key),
            branch.annotations[source] == "\(repository.namespace)/\(repository.name)"
        else { return nil }
        return branch["data"]
    }
}

import FleetModel

/// Writes what a lifecycle manager's status says about one installation.
///
/// The status has no observedGeneration, so between an edit and its effect it
/// tells of what was before.
enum GlooStatus {
    static func write(
        _ report: JSON?, of installation: GlooInstallation, in management: ClusterStore
    ) {
        let key = ObjectKey(
            installation.kind.resource, namespace: GlooKinds.space, name: installation.manager)
        let clusters = ["status", "clusters"]
        let path = clusters + [installation.cluster, "installations"]
        // A lifecycle manager that was deleted meanwhile has no status to keep.
        _ = try? management.update(key, status: true) { object in
            var installations = object[path: path] ?? [:]
            installations[installation.revision] = report
            let isEmpty = installations.object?.isEmpty ?? true
            object[path: isEmpty ? clusters + [installation.cluster] : path] =
                isEmpty ? nil : installations
        }
    }
}

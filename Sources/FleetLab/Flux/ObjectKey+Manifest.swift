import FleetModel

extension ObjectKey {
    /// Where a manifest's object lives; `nil` when the server doesn't know its kind.
    init?(of manifest: JSON, in store: ClusterStore) {
        let version = manifest["apiVersion"]?.string ?? ""
        let group = version.contains("/") ? version.prefix { $0 != "/" } : ""
        let kind = manifest["kind"]?.string
        guard let type = store.types.first(where: { $0.kind == kind && $0.group == group }) else {
            return nil
        }
        self.init(type.id, namespace: manifest.namespace, name: manifest.name)
    }
}

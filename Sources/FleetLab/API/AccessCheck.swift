import FleetModel

/// What the lab's only user may do: everything, unless a fault says otherwise.
enum AccessCheck {
    static let user = "lab-admin"

    static func isAllowed(
        _ verb: String, _ resource: String, namespace: String, in store: ClusterStore
    ) -> Bool {
        !store.deniedAccess.contains {
            $0.covers(verb: verb, resource: resource, namespace: namespace)
        }
    }

    /// - Throws: 403 in the words of the RBAC authorizer.
    static func check(
        _ verb: String, _ type: ResourceType, namespace: String, name: String,
        in store: ClusterStore
    ) throws(StatusError) {
        guard !isAllowed(verb, type.id, namespace: namespace, in: store) else { return }
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
        throw .forbidden(
            type.id, name,
            "User \"\(user)\" cannot \(verb) resource \"\(type.plural)\" in API group"
                + " \"\(type.group)\" \(place)")
    }
}

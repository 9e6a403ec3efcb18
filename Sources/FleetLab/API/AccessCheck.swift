import FleetModel

/// What the lab's only user may do: everything but to enter pods, unless a fault says otherwise.
enum AccessCheck {
    static let user = "lab-admin"

    /// Nothing runs in a lab that could be connected to. On many clusters nobody may, either.
    private static let entrances: Set = ["pods/exec", "pods/attach", "pods/portforward"]

    static func isAllowed(
        _ verb: String, _ resource: String, namespace: String, in store: ClusterStore
    ) -> Bool {
        !entrances.contains(resource)
            && !store.deniedAccess.contains {
                $0.covers(verb: verb, resource: resource, namespace: namespace)
            }
    }

    /// A subresource is a right of its own.
    ///
    /// - Throws: 403 in the words of the RBAC authorizer.
    static func check(
        _ verb: String, _ type: ResourceType, _ subresource: String?, namespace: String,
        name: String, in store: ClusterStore
    ) throws(StatusError) {
        let suffix = subresource.map { "/\($0)" } ?? ""
        guard !isAllowed(verb, type.id + suffix, namespace: namespace, in: store) else { return }
        let place = namespace.isEmpty ? "at the cluster scope" : "in the namespace \"\(namespace)\""
        throw .forbidden(
            type.id, name,
            "User \"\(user)\" cannot \(verb) resource \"\(type.plural)\(suffix)\" in API group"
                + " \"\(type.group)\" \(place)")
    }
}

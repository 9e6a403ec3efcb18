import FleetModel

/// The name of an object that pods belong to.
struct OwnerReference: Hashable, Sendable, Comparable, CustomStringConvertible {
    let kind: String
    let namespace: String
    let name: String

    init(kind: String, namespace: String, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The controller an object names, if it has one.
    init?(controllerOf object: JSON) {
        let references = object.metadata.items("ownerReferences")
        guard let controller = references.first(where: { $0["controller"]?.bool == true }),
            let kind = controller["kind"]?.string, let name = controller["name"]?.string
        else { return nil }
        self.init(kind: kind, namespace: object.namespace, name: name)
    }

    /// The reference as kubectl takes it: `deployment/details-v1`.
    var resource: String { "\(type)/\(name)" }

    /// Its kind as kubectl takes it, with the group where another may have the same name.
    var type: String {
        switch kind {
        case "Rollout": "rollouts.argoproj.io"
        case "DeploymentConfig": "deploymentconfigs.apps.openshift.io"
        default: kind.lowercased()
        }
    }

    /// Where its object is read, of the kinds that are restarted.
    var objectPath: String {
        let group =
            switch kind {
            case "ReplicationController": "/api/v1"
            case "Rollout": "/apis/argoproj.io/v1alpha1"
            case "DeploymentConfig": "/apis/apps.openshift.io/v1"
            default: "/apis/apps/v1"
            }
        return "\(group)/namespaces/\(namespace)/\(kind.lowercased())s/\(name)"
    }

    /// `namespace/name`, as operators list owners in a takeover's parameters.
    var path: String { "\(namespace)/\(name)" }

    var description: String { "\(kind) \(path)" }

    static func < (lhs: OwnerReference, rhs: OwnerReference) -> Bool {
        (lhs.namespace, lhs.name, lhs.kind) < (rhs.namespace, rhs.name, rhs.kind)
    }
}

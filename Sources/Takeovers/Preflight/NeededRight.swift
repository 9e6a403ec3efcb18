import FleetModel

/// One thing that a command changes, for which an API server has to let us.
struct NeededRight: Hashable, Sendable {
    let verb: String
    /// The plural; a subresource follows after a slash: `pods/eviction`.
    let resource: String
    let group: String
    /// `nil` for every namespace, and for what is in none.
    let namespace: String?

    init(_ verb: String, _ resource: String, _ group: String = "", in namespace: String? = nil) {
        (self.verb, self.resource, self.group) = (verb, resource, group)
        self.namespace = namespace
    }

    /// What kubectl changes when it is given these words; `nil` when that cannot be told.
    static func all(of words: [String], stdin: String?) -> [NeededRight]? {
        var words = words[...]
        var namespace: String?
        if words.first == "-n" {
            namespace = words.dropFirst().first.flatMap(known)
            words = words.dropFirst(2)
        }
        let rest = words.dropFirst().filter { !$0.hasPrefix("--") }
        switch words.first {
        case "create" where words.contains("--raw"): return evictions(words)
        case "create": return objects(stdin, verbs: ["create"], in: namespace)
        case "apply": return objects(stdin, verbs: ["create", "patch"], in: namespace)
        case "patch", "label", "annotate": return one("patch", rest.first, in: namespace)
        case "delete": return one("delete", rest.first, in: namespace)
        case "rollout": return one("patch", rest.dropFirst().first, in: namespace)
        default: return nil
        }
    }

    /// Whether having the other means having this.
    func isImplied(by other: NeededRight) -> Bool {
        other.namespace == nil
            && (other.verb, other.resource, other.group) == (verb, resource, group)
    }

    /// What only the cluster knows stands between angle brackets.
    private static func known(_ word: String) -> String? { word.hasPrefix("<") ? nil : word }
}

extension NeededRight {
    private static func evictions(_ words: ArraySlice<String>) -> [NeededRight]? {
        guard let path = words.first(where: { $0.hasSuffix("/eviction") }) else { return nil }
        let space = path.split(separator: "/").dropFirst(3).first.map(String.init)
        return [NeededRight("create", "pods/eviction", in: space.flatMap(known))]
    }

    /// A resource as kubectl takes it: `service`, `deployment/web`, `rollouts.argoproj.io`.
    private static func one(
        _ verb: String, _ resource: String?, in namespace: String?
    ) -> [NeededRight]? {
        guard let type = resource?.split(separator: "/").first else { return nil }
        let parts = type.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2 { return [NeededRight(verb, parts[0], parts[1], in: namespace)] }
        guard
            let found = usualGroups[parts[0]].map({ (parts[0], $0) })
                ?? usualGroups[parts[0].plural].map({ (parts[0].plural, $0) })
        else { return nil }
        return [NeededRight(verb, found.0, found.1, in: namespace)]
    }

    /// Objects that are made, or brought in line, from a document or a list of them.
    private static func objects(
        _ stdin: String?, verbs: [String], in namespace: String?
    ) -> [NeededRight]? {
        guard let document = stdin.flatMap({ JSON(parsing: $0) }) else { return nil }
        return (document["items"]?.array ?? [document]).flatMap { object in
            let kind = object["kind"]?.string ?? ""
            let parts = (object["apiVersion"]?.string ?? "").split(separator: "/")
            let group = parts.count == 2 ? String(parts[0]) : ""
            let space = object.metadata["namespace"]?.nonEmpty.flatMap(known) ?? namespace
            return verbs.map { NeededRight($0, kind.lowercased().plural, group, in: space) }
        }
    }
}

extension String {
    /// As API servers make the names of resources of those of kinds.
    fileprivate var plural: String { hasSuffix("y") ? dropLast() + "ies" : self + "s" }
}

/// Where what commands name without its group is served.
private let usualGroups = [
    "configmaps": "", "namespaces": "", "pods": "", "serviceaccounts": "", "services": "",
    "deployments": "apps", "statefulsets": "apps", "daemonsets": "apps",
    "horizontalpodautoscalers": "autoscaling", "poddisruptionbudgets": "policy",
    "leases": "coordination.k8s.io",
    "mutatingwebhookconfigurations": "admissionregistration.k8s.io",
    "validatingwebhookconfigurations": "admissionregistration.k8s.io",
    "clusterroles": "rbac.authorization.k8s.io",
    "clusterrolebindings": "rbac.authorization.k8s.io",
    "roles": "rbac.authorization.k8s.io", "rolebindings": "rbac.authorization.k8s.io",
]

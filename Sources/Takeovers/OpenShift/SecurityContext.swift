import FleetModel

/// OpenShift lets pods run as the users that their images name only where the security context
/// constraint `anyuid` is allowed to their service accounts. Otherwise a controller is refused
/// every pod (`unable to validate against any security context constraint`).
///
/// Who is allowed is read without OpenShift's client: from the ClusterRoleBindings of the role
/// that `oc adm policy` binds, and from the groups of the constraint itself, where
/// `oc` of OpenShift 3 wrote them.
struct SecurityContext: Sendable {
    static let constraint = "anyuid"
    private static let role = "system:openshift:scc:anyuid"

    static let paths = [
        APIPath.clusterRoleBindings, APIPath.securityContextConstraint(constraint),
    ]

    private let groups: Set<String>

    init(_ view: ClusterView) throws(Pause) {
        try view.require(Self.paths)
        guard let constraint = try view.object(Self.paths[1]) else {
            throw .terminal(
                "there is no SecurityContextConstraints \(Self.constraint): this is no OpenShift")
        }
        let subjects = try view.list(Self.paths[0])
            .filter { $0["roleRef"]?["name"]?.string == Self.role && $0.bindsClusterRole }
            .flatMap { $0.items("subjects") }
        let bound = subjects.filter { $0["kind"]?.string == "Group" }
            .compactMap { $0["name"]?.string }
        groups = Set(bound + constraint.items("groups").compactMap(\.string))
    }

    /// Whether pods of a namespace may use it, by whatever group of theirs.
    func isAllowed(in namespace: String) -> Bool {
        !groups.isDisjoint(with: [
            Self.group(of: namespace), "system:serviceaccounts", "system:authenticated",
        ])
    }

    /// Whether the namespace's own group is among them.
    func names(_ namespace: String) -> Bool { groups.contains(Self.group(of: namespace)) }

    /// Every service account of a namespace, which need not exist yet.
    static func group(of namespace: String) -> String { "system:serviceaccounts:\(namespace)" }

    static func adding(_ namespaces: [String], _ move: Move) -> Command {
        changing("add-scc-to-group", namespaces, move, "let pods use anyuid in")
    }

    static func removing(_ namespaces: [String], _ move: Move) -> Command {
        changing("remove-scc-from-group", namespaces, move, "let no pods use anyuid in")
    }

    private static func changing(
        _ verb: String, _ namespaces: [String], _ move: Move, _ purpose: String
    ) -> Command {
        OpenShiftClient(cluster: move.situation.cluster).change(
            ["adm", "policy", verb, constraint] + namespaces.map(group),
            purpose: "\(purpose) \(namespaces.summary)")
    }
}

extension JSON {
    fileprivate var bindsClusterRole: Bool { self["roleRef"]?["kind"]?.string == "ClusterRole" }
}

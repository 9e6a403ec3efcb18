import FleetModel

/// What is in a namespace besides what every namespace has.
///
/// Every kind that the API server can list is looked at, for whoever deletes the namespace
/// deletes all of it. Secrets are seen by name and type alone.
struct NamespaceContents: Sendable {
    /// Such as `ConfigMap settings`, in the order of kind and name.
    let others: [String]

    init(of namespace: String, _ view: ClusterView, by kubectl: Kubectl) throws(Pause) {
        let kinds = try NamespacedKind.all(view)
        let secrets = Self.secrets(in: namespace, by: kubectl)
        try view.require(kinds.map { .path($0.path(in: namespace), on: .cluster) } + [secrets])
        var others: [String] = []
        for kind in kinds {
            for object in try view.optionalList(kind.path(in: namespace)) ?? [] {
                guard !kind.isOfEveryNamespace(object), !kind.isOfOldOperator(object) else {
                    continue
                }
                others.append("\(kind.kind) \(object.name)")
            }
        }
        self.others = (others + (try Self.names(of: view.result(of: secrets)))).sorted()
    }

    /// As a table, for which the server sends no values.
    private static func secrets(in namespace: String, by kubectl: Kubectl) -> Reading {
        .output(
            kubectl.ask(
                ["-n", namespace, "get", "secrets", "--no-headers"],
                purpose: "see which secrets are in namespace \(namespace)"))
    }

    /// `NAME TYPE DATA AGE` each; a service account's token goes with its account.
    private static func names(of result: ReadResult) throws(Pause) -> [String] {
        switch result {
        case .found(let output):
            return (output.string ?? "").split(whereSeparator: \.isNewline).compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count > 1, !ofAccounts.contains(words[1]) else { return nil }
                return "Secret \(words[0])"
            }
        case .absent: return []
        case .refused(let words): throw .terminal("may not look for secrets: \(words)")
        }
    }

    private static let ofAccounts: Set = [
        "kubernetes.io/service-account-token", "kubernetes.io/dockercfg",
    ]
}

/// A kind whose objects live in namespaces, as the API server's discovery tells.
private struct NamespacedKind: Hashable, Sendable {
    let kind: String
    private let prefix: String
    private let plural: String

    func path(in namespace: String) -> String {
        "\(prefix)/namespaces/\(namespace)/\(plural)?limit=500"
    }

    /// Not every kind is in its group's preferred version: Istio's EnvoyFilter and ProxyConfig are
    /// not. One of several versions is looked at in the best of them, for its objects are the same.
    static func all(_ view: ClusterView) throws(Pause) -> [NamespacedKind] {
        guard let groups = try view.object("/apis")?["groups"]?.array else {
            throw .unclear("the API server does not say which groups it has")
        }
        let prefixes = groups.map(prefixes).filter { !$0.isEmpty }
            .sorted { $0[0] < $1[0] }
        try view.require(["/api/v1"] + prefixes.joined())
        var kinds = try kinds(in: ["/api/v1"], view)
        for group in prefixes { kinds += try Self.kinds(in: group, view) }
        return kinds
    }

    /// Of a group, the preferred version first. Metrics are about objects, and are none.
    private static func prefixes(of group: JSON) -> [String] {
        let preferred = group[path: ["preferredVersion", "groupVersion"]]?.string
        let served = group.items("versions").compactMap { $0["groupVersion"]?.string }
        let all = (preferred.map { [$0] } ?? []) + served.filter { $0 != preferred }
        let name = all.first?.split(separator: "/").first
        return name?.hasSuffix("metrics.k8s.io") == true ? [] : all.map { "/apis/\($0)" }
    }

    /// The kinds of one group, each once.
    private static func kinds(
        in prefixes: [String], _ view: ClusterView
    ) throws(Pause) -> [NamespacedKind] {
        var kinds: [NamespacedKind] = []
        for prefix in prefixes {
            guard let resources = try view.object(prefix)?["resources"]?.array else {
                throw .unclear("the API server does not say which kinds are in \(prefix)")
            }
            kinds += resources.compactMap { NamespacedKind($0, below: prefix) }
                .filter { kind in !kinds.contains { $0.plural == kind.plural } }
        }
        return kinds
    }

    /// `nil` for subresources, what has no namespace, what can't be listed, and what only
    /// follows from other objects.
    private init?(_ resource: JSON, below prefix: String) {
        guard let plural = resource["name"]?.string, !plural.contains("/"),
            resource["namespaced"]?.bool == true, let kind = resource["kind"]?.string,
            resource.items("verbs").contains("list"), !Self.derived.contains(kind)
        else { return nil }
        (self.kind, self.prefix, self.plural) = (kind, prefix, plural)
    }

    private static let derived: Set = [
        "Event", "Endpoints", "EndpointSlice", "Secret", "PackageManifest",
    ]

    func isOfEveryNamespace(_ object: JSON) -> Bool {
        Self.common[kind]?.contains(object.name) == true
    }

    /// An operator leaves behind its account and the lock that it held.
    func isOfOldOperator(_ object: JSON) -> Bool {
        ["ServiceAccount", "ConfigMap", "Lease"].contains(kind)
            && object.name.hasPrefix("istio-operator")
    }

    /// OpenShift's among them.
    private static let common: [String: Set<String>] = [
        "ServiceAccount": ["default", "builder", "deployer"],
        "ConfigMap": ["kube-root-ca.crt", "istio-ca-root-cert", "openshift-service-ca.crt"],
        "RoleBinding": ["system:deployers", "system:image-builders", "system:image-pullers"],
    ]
}

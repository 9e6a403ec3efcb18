import FleetModel

/// Deletes what the old control plane left behind, one kind at a time.
///
/// Only parts of a control plane go: never gateways, nodes' agents, definitions
/// of resources, secrets or namespaces, whatever their labels say.
struct Sweep: StepRecipe {
    static let outline = StepOutline(
        "sweep", title: "delete what the old control plane left", interrupt: .finishOrRollBack)
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let next = try leftovers(view).first
        guard let next else { return .done("nothing of \(gloo.old)'s control plane is left") }
        let standing = next.objects.filter { !$0.isTerminating }
        guard !standing.isEmpty else { return .partial("\(words(next)) going") }
        let findings = try OldRevisionUse(gloo).findings(view)
        guard findings.isEmpty else { throw .terminal(findings.joined(separator: "; ")) }
        return .notDone("\(words(next)) left")
    }

    private typealias Leftovers = (kind: SweptKind, objects: [JSON])

    private func words(_ leftovers: Leftovers) -> String {
        "\(leftovers.kind.resource) \(leftovers.objects.map(\.name).summary)"
    }

    /// What is left, by kind, webhooks first: an active one without its istiod
    /// would stop every pod from being created.
    private func leftovers(_ view: ClusterView) throws(Pause) -> [Leftovers] {
        try view.require(SweptKind.all.map { $0.path(gloo.old) })
        var leftovers: [Leftovers] = []
        for kind in SweptKind.all {
            let objects = try view.optionalList(kind.path(gloo.old)) ?? []
            let swept = objects.filter { isSwept($0) }.sorted { $0.name < $1.name }
            if !swept.isEmpty { leftovers.append((kind, swept)) }
        }
        return leftovers
    }

    private func isSwept(_ object: JSON) -> Bool {
        guard object.labels["istio.io/rev"] == gloo.old.rawValue,
            object.labels["istio.io/tag"] == nil
        else { return false }
        let component = object.labels["operator.istio.io/component"]
        let app = object.labels["app"] ?? ""
        return ["Pilot", "IstiodRemote"].contains(component ?? "")
            || (component == nil && ["istiod", "sidecar-injector"].contains(app))
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let next = try leftovers(view).first else { return [] }
        let names = next.objects.filter { !$0.isTerminating }.map(\.name)
        return [deletion(next.kind, names)]
    }

    private func deletion(_ kind: SweptKind, _ names: [String]) -> Command {
        gloo.kubectl.delete(
            kind.resource, names, in: kind.namespace,
            purpose: "delete what \(gloo.old) left of \(kind.resource)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: SweptKind.all.map { .path($0.path(gloo.old), on: .cluster) },
            acts: SweptKind.all.map { deletion($0, ["<name>"]) },
            proof: "no object of a control plane carries istio.io/rev=\(gloo.old) "
                + "in istio-system or without a namespace")
    }
}

/// A kind of object that belongs to a control plane.
struct SweptKind: Hashable, Sendable {
    let resource: String
    let group: String
    let namespace: String?

    /// In the order they go: callers before what they call.
    static let all: [SweptKind] = [
        SweptKind(
            "mutatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind(
            "validatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind("horizontalpodautoscalers", "autoscaling/v1"),
        SweptKind("poddisruptionbudgets", "policy/v1"),
        SweptKind("deployments", "apps/v1"),
        SweptKind("services", ""),
        SweptKind("configmaps", ""),
        SweptKind("rolebindings", "rbac.authorization.k8s.io/v1"),
        SweptKind("roles", "rbac.authorization.k8s.io/v1"),
        SweptKind("serviceaccounts", ""),
        SweptKind("clusterrolebindings", "rbac.authorization.k8s.io/v1", namespace: nil),
        SweptKind("clusterroles", "rbac.authorization.k8s.io/v1", namespace: nil),
    ]

    private init(_ resource: String, _ group: String, namespace: String? = "istio-system") {
        self.resource = resource
        self.group = group
        self.namespace = namespace
    }

    func path(_ revision: Revision) -> String {
        let base = group.isEmpty ? "/api/v1" : "/apis/\(group)"
        let scope = namespace.map { "/namespaces/\($0)" } ?? ""
        return APIPath.list("\(base)\(scope)/\(resource)", labels: "istio.io/rev=\(revision)")
    }
}

import FleetModel

/// Removes the old operator, once it has nothing left to clean up.
struct RemoveOldOperator: StepRecipe {
    static let outline = StepOutline("remove-old-operator", title: "remove the old operator")
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(OldOperator.paths + [APIPath.istioOperators])
        let objects = try leftovers(view)
        guard !objects.isEmpty else { return .done("the old operator is gone") }
        let standing = objects.filter { !$0.object.isTerminating }
        guard !standing.isEmpty else { return .partial("the old operator is going") }
        try requireNothingLeftToDo(view)
        _ = try copies.saving(objects.map(original), view)
        return .notDone("\(standing.map(\.object.qualifiedName).summary) still there")
    }

    private typealias Leftover = (resource: String, object: JSON)

    private func leftovers(_ view: ClusterView) throws(Pause) -> [Leftover] {
        let old = try OldOperator(view, for: gloo.move)
        return old.deployments.map { ("deployment", $0) } + old.services.map { ("service", $0) }
    }

    /// A resource without its operator would stay for ever, and its namespace with it.
    private func requireNothingLeftToDo(_ view: ClusterView) throws(Pause) {
        let resources = (try view.optionalList(APIPath.istioOperators) ?? [])
            .map(IstioOperatorResource.init).filter { !$0.isManaged && !$0.isIgnored }
        guard resources.isEmpty else {
            let names = resources.map(\.object.qualifiedName).sorted()
            throw .terminal("the operator still has IstioOperator \(names.summary)")
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let objects = try leftovers(view)
        if let saving = try copies.saving(objects.map(original), view) { return [saving] }
        return objects.filter { !$0.object.isTerminating }.map {
            deletion($0.resource, $0.object.name, in: $0.object.namespace)
        }
    }

    private var copies: KeptCopies { KeptCopies(move: gloo.move) }

    private func original(_ leftover: Leftover) -> KeptCopies.Original {
        let isService = leftover.resource == "service"
        return KeptCopies.Original(
            apiVersion: isService ? "v1" : "apps/v1", kind: isService ? "Service" : "Deployment",
            object: leftover.object)
    }

    private func deletion(_ resource: String, _ name: String, in namespace: String) -> Command {
        gloo.kubectl.delete(resource, [name], in: namespace, purpose: "remove the old operator")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(OldOperator.paths + [APIPath.istioOperators]) + [copies.reading],
            acts: copies.preview(of: ["Deployment", "Service"])
                + ["deployment", "service"].map {
                    deletion($0, "istio-operator", in: "istio-operator")
                },
            proof: "no istio-operator Deployment or Service is left outside gm-iop-*, and "
                + "\(copies.label) has a copy",
            compensation: ["Deployment", "Service"].map { copies.restoration(of: $0, but: "") })
    }
}

import FleetModel

/// Removes IstioOperator resources of the old revision, for its operator to clean up after.
struct RemoveOldResources: StepRecipe {
    static let gateways = StepOutline(
        "remove-old-gateways", title: "remove the old gateways", interrupt: .finishOrRollBack)
    static let controlPlane = StepOutline(
        "remove-old-control-plane", title: "remove the old control plane",
        interrupt: .finishOrRollBack)

    let outline: StepOutline
    let gloo: GlooSituation
    /// Which of the resources: those with a control plane, or those with gateways only.
    let ofControlPlane: Bool

    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let resources = try resources(view)
        let standing = resources.filter { !$0.object.isTerminating }
        // What its status says is the operator's last word, which is gone.
        if standing.isEmpty, let clearing = try clearing(of: resources, view) { return clearing }
        if let stuck = resources.first(where: { $0.object.isTerminating && !$0.errors.isEmpty }) {
            throw .terminal(
                "IstioOperator \(stuck.object.qualifiedName) cannot go: \(stuck.errors.summary)"
                    + (try whereToRead(view)))
        }
        guard !standing.isEmpty else { return try progress(of: resources, view) }
        try requireSafety(view)
        _ = try copies.saving(resources.map(\.object).map(original), view)
        return .notDone("\(names(standing)) still there")
    }

    /// What an operator says in its resource is often but the end of the story.
    private func whereToRead(_ view: ClusterView) throws(Pause) -> String {
        guard let deployment = try OldOperator(view, for: gloo.move).deployments.first else {
            return ""
        }
        let place = "-n \(deployment.namespace) logs deployment/\(deployment.name)"
        return "; `kubectl \(place)` tells more"
    }

    private func resources(_ view: ClusterView) throws(Pause) -> [IstioOperatorResource] {
        let objects = try view.optionalList(APIPath.istioOperators) ?? []
        return IstioOperatorResource.unmanaged(objects, of: gloo.old)
            .filter { $0.isControlPlane == ofControlPlane }
    }

    private func progress(
        of resources: [IstioOperatorResource], _ view: ClusterView
    ) throws(Pause) -> Observation {
        guard !resources.isEmpty else { return try end(view) }
        guard try OldOperator(view, for: gloo.move).isAlive else {
            throw .terminal(
                "no operator runs to finish the removal of \(names(resources)): "
                    + "its finalizer would keep it for ever")
        }
        return .partial("\(names(resources)) is going")
    }

    /// Only where the takeover says so, nothing uses what the resources brought, and the operator
    /// is seen to be gone for a while. What it would have removed is left to later steps, and
    /// to people.
    private func clearing(
        of resources: [IstioOperatorResource], _ view: ClusterView
    ) throws(Pause) -> Observation? {
        guard gloo.settings.clearsFinalizers, !resources.isEmpty,
            try OldOperator(view, for: gloo.move).isGone
        else { return nil }
        try OldRevisionUse(gloo.move).requireUnused(view)
        let item = "no old operator is there to finish the removal of \(names(resources))"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: gloo.move.settings.proofHold, fingerprint: "")
        }
        _ = try copies.saving(resources.map(\.object).map(original), view)
        return .notDone("\(item): its finalizer is taken off")
    }

    /// Its own alone: what others wait for is theirs.
    private func clearing(of object: JSON) -> Command {
        let finalizers = object.metadata["finalizers"] ?? []
        let others = (finalizers.array ?? []).filter { $0 != .string(Self.finalizer) }
        let patch = JSONPatch.against(resourceVersion: object.resourceVersion)
            .setting("/metadata/finalizers", to: .array(others))
        return gloo.kubectl.patch(
            "istiooperators.install.istio.io", object.name, in: object.namespace, with: patch,
            purpose: "take the finalizer off IstioOperator \(object.name), whose operator is gone")
    }

    private static let finalizer = "istio-finalizer.install.istio.io"

    /// The resource goes before the last of its pods does.
    private func end(_ view: ClusterView) throws(Pause) -> Observation {
        let gateways = try DoomedGateways(view, for: gloo.move)
        let orphans = try view.pods().filter(gateways.isOrphan)
        guard orphans.isEmpty else {
            let names = orphans.map(\.object.qualifiedName).sorted()
            return .partial("old gateway pods are ending: \(names.summary)")
        }
        return .done("no IstioOperator of \(gloo.old) is left with \(subject)")
    }

    private var subject: String { ofControlPlane ? "a control plane" : "gateways only" }

    /// Copies first, and what they are of only once those are kept.
    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let objects = try resources(view).map(\.object)
        if let saving = try copies.saving(objects.map(original), view) { return [saving] }
        let standing = objects.filter { !$0.isTerminating }
        guard standing.isEmpty else {
            return standing.map { deletion(of: $0.name, in: $0.namespace) }
        }
        guard gloo.settings.clearsFinalizers else { return [] }
        return objects.filter {
            ($0.metadata["finalizers"]?.array ?? []).contains(.string(Self.finalizer))
        }
        .map(clearing)
    }

    private var copies: KeptCopies { KeptCopies(move: gloo.move) }

    private func original(_ object: JSON) -> KeptCopies.Original {
        KeptCopies.Original(
            apiVersion: "install.istio.io/v1alpha1", kind: "IstioOperator", object: object)
    }

    private func deletion(of name: String, in namespace: String) -> Command {
        gloo.kubectl.delete(
            "istiooperators.install.istio.io", [name], in: namespace,
            purpose: "remove IstioOperator \(name)")
    }

    private static let example: JSON = [
        "metadata": [
            "name": "<name>", "namespace": "<namespace>", "resourceVersion": "<resourceVersion>",
        ]
    ]

    private func names(_ resources: [IstioOperatorResource]) -> String {
        "IstioOperator " + resources.map(\.object.qualifiedName).summary
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(OldOperator.paths) + OldRevisionUse.previewed(gloo.move)
                + [copies.reading],
            acts: copies.preview(of: ["IstioOperator"])
                + [deletion(of: "<name>", in: "<namespace>")]
                + (gloo.settings.clearsFinalizers ? [clearing(of: Self.example)] : []),
            proof: "every IstioOperator of \(gloo.old) with \(subject) is gone, and "
                + "\(copies.label) has a copy",
            compensation: [
                copies.restoration(of: "IstioOperator", but: "; gateways get new addresses")
            ])
    }
}

import FleetModel

/// Deletes what the old control plane left behind, one kind at a time.
///
/// Only parts of a control plane go: never gateways, nodes' agents, definitions
/// of resources, secrets or namespaces, whatever their labels say. Nor does the default
/// validator, without which nobody would check what names no revision.
struct Sweep: StepRecipe {
    static let outline = StepOutline(
        "sweep", title: "delete what the old control plane left", interrupt: .finishOrRollBack)
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let next = try leftovers(view).first
        guard let next else { return .done("nothing of \(move.old)'s control plane is left") }
        let standing = next.objects.filter { !$0.isTerminating }
        guard !standing.isEmpty else { return .partial("\(words(next)) going") }
        try requireSafety(view)
        return .notDone("\(words(next)) left")
    }

    /// An operator would make anew what belongs to a resource of its own.
    private func requireSafety(_ view: ClusterView) throws(Pause) {
        try OldRevisionUse(move).requireUnused(view)
        let operators = try view.optionalList(APIPath.istioOperators) ?? []
        let resources = IstioOperatorResource.unmanaged(operators, of: move.old)
        guard resources.isEmpty else {
            let names = resources.map(\.object.qualifiedName)
            throw .terminal("IstioOperator \(names.summary) still there")
        }
    }

    private typealias Leftovers = (kind: SweptKind, objects: [JSON])

    private func words(_ leftovers: Leftovers) -> String {
        "\(leftovers.kind.resource) \(leftovers.objects.map(\.name).summary)"
    }

    /// What is left, by kind, webhooks first: an active one without its istiod
    /// would stop every pod from being created.
    private func leftovers(_ view: ClusterView) throws(Pause) -> [Leftovers] {
        try view.require(newestPaths)
        var leftovers: [Leftovers] = []
        for kind in SweptKind.all {
            let objects = try view.optionalList(firstOf: kind.paths(move.old)) ?? []
            let swept = objects.filter { kind.holds($0, of: move.old) }
                .sorted { $0.name < $1.name }
            if !swept.isEmpty { leftovers.append((kind, swept)) }
        }
        return leftovers
    }

    private var newestPaths: [String] { SweptKind.all.compactMap { $0.paths(move.old).first } }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        guard let next = try leftovers(view).first else { return [] }
        let names = next.objects.filter { !$0.isTerminating }.map(\.name)
        return [deletion(next.kind, names)]
    }

    private func deletion(_ kind: SweptKind, _ names: [String]) -> Command {
        move.kubectl.delete(
            kind.resource, names, in: kind.namespace,
            purpose: "delete what \(move.old) left of \(kind.resource)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(newestPaths) + OldRevisionUse.previewed(move),
            acts: SweptKind.all.map { deletion($0, ["<name>"]) },
            proof: "no object of a control plane carries istio.io/rev=\(move.old) "
                + "in istio-system or without a namespace, and istioctl has no record of it")
    }
}

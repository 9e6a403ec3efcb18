import FleetModel

/// Takes the test workload away again.
struct RemoveTestWorkload: StepRecipe {
    static let outline = StepOutline("remove-test-workload", title: "remove the test workload")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        guard let namespace = try view.object(APIPath.namespace(name)) else {
            return .done("namespace \(name) is gone")
        }
        if namespace.isTerminating { return .partial("namespace \(name) is still going") }
        guard namespace.annotations[TestWorkload.creatorAnnotation] != nil,
            !MeshNamespace.isProtected(name)
        else { return .done("namespace \(name) is not ours, so it stays") }
        return .notDone("namespace \(name) is still there")
    }

    private var name: String { move.settings.testNamespace }

    func act(_ view: ClusterView) throws(Pause) -> [Command] { [deletion] }

    var deletion: Command {
        move.kubectl.delete("namespace", [name], purpose: "remove the test workload")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([APIPath.namespace(name)]), acts: [deletion],
            proof: "namespace \(name) is gone, or was never ours")
    }
}

import FleetModel

/// Takes away what was noted for a way back, once there is none: what namespaces selected, and
/// which DNS records had to change. Copies of what was removed stay, and so does what templates
/// say, for to change that would restart their pods.
struct ForgetNotes: StepRecipe {
    static let outline = StepOutline(
        "forget-notes", title: "take away what was noted for the way back")
    let move: Move
    /// Where the records are written down; `nil` where nobody wrote any.
    var recordsNamespace: String?

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        let namespaces = try noted(view)
        let hasRecords = try records(view) != nil
        guard !namespaces.isEmpty || hasRecords else { return .done("nothing is noted any more") }
        if let injector = try move.injection(view).own(move.old) {
            throw .terminal("\(injector.name) is still there, and with it the way back")
        }
        let map = hasRecords ? ["ConfigMap \(AddressChanges.mapName)"] : []
        return .notDone("\((namespaces + map).summary) still tell of before")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let forgetting = try noted(view).map { RelabelNamespaces.forgetting($0, move.kubectl) }
        guard let map = try records(view) else { return forgetting }
        return forgetting + [deletion(in: map.namespace)]
    }

    private var paths: [String] {
        [APIPath.namespaces, APIPath.mutatingWebhooks] + (recordsPath.map { [$0] } ?? [])
    }

    private var recordsPath: String? {
        recordsNamespace.map { APIPath.configMap(AddressChanges.mapName, in: $0) }
    }

    private func noted(_ view: ClusterView) throws(Pause) -> [String] {
        try view.namespaces()
            .filter { $0.isActive && $0.object.annotations[SelectionNote.annotation] != nil }
            .map(\.name).sorted()
    }

    private func records(_ view: ClusterView) throws(Pause) -> JSON? {
        guard let recordsPath else { return nil }
        return try view.object(recordsPath)
    }

    private func deletion(in namespace: String) -> Command {
        move.kubectl.delete(
            "configmap", [AddressChanges.mapName], in: namespace,
            purpose: "forget which DNS records had to change")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            acts: [RelabelNamespaces.forgetting("<namespace>", move.kubectl)]
                + (recordsNamespace.map { [deletion(in: $0)] } ?? []),
            proof: "no namespace has the annotation \(SelectionNote.annotation)"
                + (recordsNamespace == nil
                    ? "" : ", and the ConfigMap \(AddressChanges.mapName) is gone"))
    }
}

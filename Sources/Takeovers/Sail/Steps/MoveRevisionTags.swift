import FleetModel

/// Points the operator's tags that name the old revision to the new one, and waits for those
/// that follow the Istio resource by themselves.
struct MoveRevisionTags: StepRecipe {
    static let outline = StepOutline(
        "move-revision-tags", title: "point the operator's tags to the new revision",
        interrupt: .finishOrRollBack)
    let sail: SailSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(5), poll: .seconds(5))
    var lock: WriterLock? { sail.move.lock }

    private var move: Move { sail.move }
    private let paths = [SailResource.tagsPath, APIPath.namespaces] + Move.webhookPaths

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require(paths)
        if let first = try pinned(view).first {
            guard try move.injection(view).own(move.revision)?.hasCertificates == true else {
                throw .unclear("the injector of \(move.revision) is not ready")
            }
            return .notDone("tag \(first.name) points to \(move.old)")
        }
        let ours = try sail.tags(view).filter { isOurs($0) }
        for tag in ours {
            if let complaint = tag.complaint { return .partial("tag \(tag.name): \(complaint)") }
            guard tag.taggedRevision == move.revision else {
                let revision = tag.taggedRevision?.rawValue ?? "no revision"
                return .partial("tag \(tag.name) still leads to \(revision)")
            }
        }
        if let complaint = try move.webhookComplaints(view).first { return .partial(complaint) }
        return .done("\(ours.count) tags lead to \(move.revision)")
    }

    private func pinned(_ view: ClusterView) throws(Pause) -> [SailResource] {
        try sail.tags(view).filter {
            $0.target.kind == "IstioRevision" && $0.target.name == move.old.rawValue
        }
    }

    private func isOurs(_ tag: SailResource) -> Bool {
        let target = tag.target
        return target.kind == "Istio" && target.name == sail.settings.istio
            || target.kind == "IstioRevision" && target.name == move.revision.rawValue
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        try pinned(view).map {
            pointing($0.name, to: move.revision, at: $0.object.resourceVersion)
        }
    }

    private func pointing(
        _ tag: String, to revision: Revision, at resourceVersion: String
    ) -> Command {
        move.kubectl.merge(
            SailResource.tags, tag,
            with: [
                "metadata": ["resourceVersion": .string(resourceVersion)],
                "spec": ["targetRef": ["name": .string(revision.rawValue)]],
            ], purpose: "point tag \(tag) to \(revision)")
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(paths),
            acts: [pointing("<tag>", to: move.revision, at: "<resourceVersion>")],
            proof: "no tag names \(move.old); every tag of Istio \(sail.settings.istio) is "
                + "Healthy and leads to \(move.revision)",
            compensation: [pointing("<tag>", to: move.old, at: "<resourceVersion>")])
    }
}

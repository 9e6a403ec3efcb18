import FleetModel

/// Waits until the operator has removed the old revision, which it does by itself once nothing
/// refers to it for the grace period; if it stays, says who refers to it.
struct AwaitOldRevision: StepRecipe {
    static let outline = StepOutline(
        "await-old-gone", title: "wait until the operator has removed the old revision")
    let sail: SailSituation

    var outline: StepOutline { Self.outline }
    /// The longest grace period that the takeover waits for, and what the operator needs.
    ///
    /// A longer one is there for a way back; nobody has to hold a run and a lease for it.
    let patience = Patience(timeout: .minutes(30), poll: .seconds(5))

    private static let longestGrace = Duration.minutes(15)

    private var move: Move { sail.move }
    private var path: String { SailResource.revisionPath(move.old) }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        try view.require([path, sail.istioPath, APIPath.deployments])
        guard let object = try view.object(path) else { return try absence(view) }
        let old = SailResource(object)
        if object.isTerminating { return .partial("IstioRevision \(old.name) is going") }
        guard old.isInUse else {
            let grace = try sail.istio(view).gracePeriod
            let words = "IstioRevision \(old.name) is unused and goes after \(grace.short)"
            return grace > Self.longestGrace
                ? .done("\(words), by its operator: nobody waits for that") : .partial(words)
        }
        return try use(of: old, view)
    }

    private func absence(_ view: ClusterView) throws(Pause) -> Observation {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        guard !planes.contains(where: { $0.revision == move.old }) else {
            return .partial("\(move.oldName("istiod")) is still there")
        }
        return .done("there is no IstioRevision \(move.old)")
    }

    /// Who refers to it, by the operator's own rules (sail-operator, `isRevisionReferenced`).
    private func use(of old: SailResource, _ view: ClusterView) throws(Pause) -> Observation {
        try view.require([SailResource.tagsPath, APIPath.namespaces, APIPath.pods])
        let tags = try sail.tags(view).filter { $0.taggedRevision == move.old }
            .map { "tag \($0.name)" }
        let namespaces = try view.namespaces()
        let naming = namespaces.filter { refersToOld($0) }.map { "namespace \($0.name)" }
        let open = Set(namespaces.filter { $0.selection == .none }.map(\.name))
        let pods = try view.pods().filter {
            refersToOld($0, isAsked: open.contains($0.namespace))
        }
        let staying = pods.filter { !move.settings.isWaived($0) }
        let names = tags + naming + staying.map { "pod \($0.object.qualifiedName)" }.sorted()
        if names.isEmpty, !pods.isEmpty {
            let waived = pods.map(\.object.qualifiedName).sorted()
            return .done("IstioRevision \(old.name) stays for \(waived.summary) (waived)")
        }
        let words = names.isEmpty ? "as its operator says" : "by \(names.summary)"
        return .partial("IstioRevision \(old.name) is in use \(words)")
    }

    private func refersToOld(_ namespace: MeshNamespace) -> Bool {
        namespace.selection == .named(move.old)
            || (move.old == .unnamed && namespace.isDefaultInjected)
    }

    /// What the pod's own label says counts only where its namespace leaves that to it.
    private func refersToOld(_ pod: Pod, isAsked: Bool) -> Bool {
        guard pod.object.status["phase"]?.string != "Succeeded" else { return false }
        return pod.object.annotations[IstioLabel.revision] == move.old.rawValue
            || isAsked && pod.labels[IstioLabel.revision] == move.old.rawValue
                && pod.labels["sidecar.istio.io/inject"] != "false"
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths([path, sail.istioPath, APIPath.deployments]),
            proof:
                "there is no IstioRevision \(move.old) and no istiod of it, or it is unused and "
                + "goes after more than \(Self.longestGrace.short); while it stays, who refers to "
                + "it is named")
    }
}

import FleetModel

/// One cluster's part in a takeover by the sail operator.
struct SailSituation: Sendable {
    let move: Move
    let settings: SailSettings

    init(_ situation: Situation) {
        settings = SailSettings(situation.takeover)
        move = Move(situation, activation: .selections)
    }

    private init(move: Move, settings: SailSettings) {
        (self.move, self.settings) = (move, settings)
    }

    /// The same the other way round. Its settings stay those of the way there.
    var back: SailSituation { SailSituation(move: move.back, settings: settings) }

    var istioPath: String { SailResource.istioPath(settings.istio) }

    /// The Istio resource; there is nothing to do without it.
    func istio(_ view: ClusterView) throws(Pause) -> SailResource {
        guard let object = try view.object(istioPath) else {
            throw .terminal("there is no Istio \(settings.istio)")
        }
        return SailResource(object)
    }

    /// What keeps a version that was asked for from being the one that the move leads to; `nil`
    /// when it is.
    func lack(of istio: SailResource) -> String? {
        if let complaint = istio.complaint { return "Istio \(istio.name): \(complaint)" }
        guard istio.activeRevision != move.revision else { return nil }
        let active = istio.activeRevision?.rawValue ?? "none"
        return "the active revision is \(active), not \(move.revision)"
    }

    func tags(_ view: ClusterView) throws(Pause) -> [SailResource] {
        (try view.optionalList(SailResource.tagsPath) ?? []).map(SailResource.init)
    }

    /// Refused when somebody else has changed the resource meanwhile.
    func bring(to version: String, at resourceVersion: String) -> Command {
        move.kubectl.merge(
            SailResource.istios, settings.istio,
            with: [
                "metadata": ["resourceVersion": .string(resourceVersion)],
                "spec": ["version": .string(version)],
            ], purpose: "bring Istio \(settings.istio) to \(version)")
    }
}

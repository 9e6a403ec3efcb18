import FleetModel

/// One cluster's part in a takeover by the sail operator.
struct SailSituation: Sendable {
    let move: Move
    let settings: SailSettings

    init(_ situation: Situation) {
        settings = SailSettings(situation.takeover)
        move = Move(situation, activation: .selections)
    }

    var istioPath: String { SailResource.istioPath(settings.istio) }

    /// The Istio resource; there is nothing to do without it.
    func istio(_ view: ClusterView) throws(Pause) -> SailResource {
        guard let object = try view.object(istioPath) else {
            throw .terminal("there is no Istio \(settings.istio)")
        }
        return SailResource(object)
    }

    func tags(_ view: ClusterView) throws(Pause) -> [SailResource] {
        (try view.optionalList(SailResource.tagsPath) ?? []).map(SailResource.init)
    }
}

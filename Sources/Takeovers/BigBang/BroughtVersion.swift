import FleetModel

/// The version of Istio that Big Bang's packages have brought.
///
/// Which it is shows once istiod is there, when nobody comes in from outside any more. Should it
/// be another than the takeover says, the gateways come up with it all the same, and
/// ``CompareMesh`` says so behind them.
struct BroughtVersion: Sendable {
    let version: String
    /// The move with this version as its target.
    let move: Move

    static let path = Move.deploymentPath("istiod", in: BigBangPackages.istioNamespace)

    init(_ view: ClusterView, for move: Move) throws(Pause) {
        guard let deployment = try view.object(Self.path),
            let istiod = ControlPlane(deployment)
        else { throw .unclear("Deployment istiod is not there yet") }
        // A variant such as `-distroless` is the same version.
        version = istiod.runs(move.version) ? move.version : istiod.version ?? move.version
        self.move = move.towards(version)
    }

    /// What is wrong with it; `nil` when it is the one that the takeover asks for.
    func complaint(against wanted: String) -> String? {
        guard version != wanted else { return nil }
        return "istiod runs \(version), not \(wanted), since that is what this Big Bang brings. "
            + "The gateways are up with it. See that DNS follows ConfigMap "
            + "\(BigBangPackages.namespace)/\(AddressChanges.mapName), delete the Lease "
            + "\(WriterLock.namespace)/\(WriterLock.name) of this run, and let a new plan go on "
            + "from here, of a takeover with `version: \(version)`"
    }
}

extension Move {
    fileprivate func towards(_ version: String) -> Move {
        guard version != self.version else { return self }
        var takeover = situation.takeover
        takeover.version = version
        let other = Situation(
            takeover: takeover, cluster: situation.cluster, management: situation.management,
            run: situation.run, epoch: situation.epoch)
        return Move(
            other, gateways: gateways, home: home, activation: activation, isBack: isBack)
    }
}

import FleetModel

/// One cluster's move from the old revision to the new one: what the steps of every
/// runbook have in common.
struct Move: Hashable, Sendable {
    let situation: Situation
    let settings: MoveSettings
    /// The gateways that run the new revision in the end.
    let gateways: [NewGateway]
    /// Namespaces that must be there when all is done, besides the gateways'.
    let home: [String]
    /// What makes the new revision the one that new pods go to.
    let activation: Activation
    /// Whether it leads back to where the cluster came from.
    let isBack: Bool
    /// The image of the sidecars that the new control plane injects, where nothing else tells
    /// them from the old ones; `nil` where that is not so, or nobody has asked yet.
    var sidecarImage: String?

    enum Activation: Hashable, Sendable {
        /// The tag `default` points to it.
        case defaultTag
        /// Namespaces select it, by whatever label.
        case selections
    }

    init(
        _ situation: Situation, gateways: [NewGateway] = [], home: [String] = ["istio-system"],
        activation: Activation = .defaultTag, isBack: Bool = false
    ) {
        self.situation = situation
        settings = MoveSettings(situation.takeover.parameters)
        self.gateways = gateways
        self.home = home
        self.activation = activation
        self.isBack = isBack
    }

    /// The same move the other way round.
    ///
    /// The revision alone is its target. To whatever version the old control plane injects a
    /// workload goes back, and one that never left it is not restarted for being behind that.
    var back: Move {
        var takeover = situation.takeover
        (takeover.revision, takeover.oldRevision, takeover.version) = (old, revision, "")
        let reversed = Situation(
            takeover: takeover, cluster: situation.cluster, management: situation.management,
            run: situation.run, epoch: situation.epoch)
        return Move(
            reversed, gateways: gateways, home: home, activation: activation, isBack: !isBack)
    }

    /// The same move, where only those count that leave the revision open.
    var ofDefault: Move {
        Move(situation, gateways: gateways, home: home, activation: .defaultTag, isBack: isBack)
    }

    var takeover: Takeover { situation.takeover }
    var revision: Revision { takeover.revision }
    var old: Revision { takeover.oldRevision }
    var version: String { takeover.version }

    var kubectl: Kubectl { Kubectl(cluster: situation.cluster) }

    var lock: WriterLock {
        WriterLock(
            run: situation.run, epoch: situation.epoch, kubectl: kubectl,
            predecessor: takeover.rollsBack)
    }

    /// What carries the old revision's name: `istiod`, or `istiod-1-14`.
    func oldName(_ stem: String) -> String { old.named(stem) }
    func newName(_ stem: String) -> String { revision.named(stem) }

    /// Whether a proxy is where this takeover wants it.
    func isOnTarget(_ proxy: Proxy) -> Bool {
        if let sidecarImage, let image = proxy.image, hidesVersion(proxy) {
            return image == sidecarImage
        }
        return version.isEmpty ? proxy.revision == revision : proxy.runs(revision, version: version)
    }

    /// Whether neither revision nor version tells on which side of the move a sidecar is: the
    /// control plane changes in its place, and a digest is all there is of the version.
    func hidesVersion(_ proxy: Proxy) -> Bool {
        old == revision && !version.isEmpty && proxy.kind == .sidecar
            && proxy.revision == revision && proxy.version == nil
    }

    /// Where proxies are wanted, for people.
    var target: String { version.isEmpty ? "\(revision)" : "\(revision) \(version)" }

    /// Whether it is one of the gateways, which have a step of their own.
    func isGateway(_ owner: OwnerReference) -> Bool {
        owner.kind == "Deployment"
            && gateways.contains {
                $0.namespace == owner.namespace
                    && ($0.deployment == owner.name || $0.standIn == owner.name)
            }
    }

    /// Whether a sidecar is one that this takeover moves: on the old revision, or on the
    /// new one, which may be the same, with another version. Others belong to somebody
    /// else's plans.
    func shouldMove(_ proxy: Proxy) -> Bool {
        (proxy.revision == old || proxy.revision == revision) && !isOnTarget(proxy)
    }
}

extension Revision {
    /// What an object of the revision's control plane is called.
    func named(_ stem: String) -> String { self == .unnamed ? stem : "\(stem)-\(self)" }
}

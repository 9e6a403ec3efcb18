import FleetModel

/// One cluster's part in a Gloo takeover: what its steps have in common.
struct GlooSituation: Hashable, Sendable {
    let situation: Situation
    let settings: GlooSettings

    init(_ situation: Situation) {
        self.situation = situation
        settings = GlooSettings(situation.takeover.parameters)
    }

    var takeover: Takeover { situation.takeover }
    var revision: Revision { takeover.revision }
    var old: Revision { takeover.oldRevision }
    var version: String { takeover.version }
    /// The name the management plane knows the cluster by.
    var registeredName: String { situation.cluster.registeredName }

    var kubectl: Kubectl { Kubectl(cluster: situation.cluster) }

    /// A cluster without a management cluster manages itself.
    var managementKubectl: Kubectl {
        Kubectl(cluster: situation.management ?? situation.cluster)
    }

    var lock: WriterLock {
        WriterLock(run: situation.run, epoch: situation.epoch, kubectl: kubectl)
    }

    func manifest(_ role: GlooManifestRole) -> LifecycleManifest? {
        takeover.manifests[role.rawValue].flatMap {
            LifecycleManifest(role.kind, text: $0, revision: revision)
        }
    }

    /// The gateways this takeover brings.
    var newGateways: [LifecycleManifest.Gateway] {
        [.eastWestGateway, .ingressGateway].flatMap { manifest($0)?.gateways ?? [] }
    }

    /// What carries the old revision's name: `istiod`, or `istiod-1-14`.
    func oldName(_ stem: String) -> String { named(stem, old) }
    func newName(_ stem: String) -> String { named(stem, revision) }

    private func named(_ stem: String, _ revision: Revision) -> String {
        revision == .unnamed ? stem : "\(stem)-\(revision)"
    }

    /// Whether a proxy is where this takeover wants it.
    func isOnTarget(_ proxy: Proxy) -> Bool { proxy.runs(revision, version: version) }
}

/// The manifests of the runbook, by the name they have under `manifests`.
enum GlooManifestRole: String, CaseIterable, Sendable {
    case controlPlane
    case eastWestGateway
    case ingressGateway

    var kind: LifecycleManager.Kind { self == .controlPlane ? .controlPlane : .gateway }
}

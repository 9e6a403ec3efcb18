import FleetModel

/// One cluster's part in a Gloo takeover: what its steps have in common.
struct GlooSituation: Hashable, Sendable {
    let situation: Situation
    let settings: GlooSettings
    private let manifests: [GlooManifestRole: LifecycleManifest]
    /// The gateways this takeover brings.
    let newGateways: [LifecycleManifest.Gateway]

    init(_ situation: Situation) {
        self.situation = situation
        let takeover = situation.takeover
        settings = GlooSettings(takeover.parameters)
        var manifests: [GlooManifestRole: LifecycleManifest] = [:]
        for role in GlooManifestRole.allCases {
            manifests[role] = takeover.manifests[role.rawValue].flatMap {
                LifecycleManifest(role.kind, text: $0, revision: takeover.revision)
            }
        }
        self.manifests = manifests
        newGateways = [.eastWestGateway, .ingressGateway].flatMap { manifests[$0]?.gateways ?? [] }
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

    /// The manifest for a role; `nil` when there is none, or it cannot be read.
    func manifest(_ role: GlooManifestRole) -> LifecycleManifest? { manifests[role] }

    /// What carries the old revision's name: `istiod`, or `istiod-1-14`.
    func oldName(_ stem: String) -> String { named(stem, old) }
    func newName(_ stem: String) -> String { named(stem, revision) }

    private func named(_ stem: String, _ revision: Revision) -> String {
        revision == .unnamed ? stem : "\(stem)-\(revision)"
    }

    /// Whether a proxy is where this takeover wants it.
    func isOnTarget(_ proxy: Proxy) -> Bool { proxy.runs(revision, version: version) }
}

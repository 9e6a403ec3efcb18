import FleetModel

/// One cluster's part in a Gloo takeover: the move, and what Gloo adds to it.
@dynamicMemberLookup
struct GlooSituation: Hashable, Sendable {
    private(set) var move: Move
    let settings: GlooSettings
    private let manifests: [GlooManifestRole: LifecycleManifest]

    init(_ situation: Situation) {
        let takeover = situation.takeover
        settings = GlooSettings(takeover.parameters)
        var manifests: [GlooManifestRole: LifecycleManifest] = [:]
        for role in GlooManifestRole.allCases {
            manifests[role] = takeover.manifests[role.rawValue].flatMap {
                LifecycleManifest(role.kind, text: $0, revision: takeover.revision)
            }
        }
        self.manifests = manifests
        let gateways = [.eastWestGateway, .ingressGateway].flatMap {
            manifests[$0]?.gateways ?? []
        }
        move = Move(
            situation, gateways: gateways.map { $0.running(takeover.revision) },
            home: ["istio-system", "gm-iop-\(takeover.revision)"],
            activation: settings.relabelsNamespaces ? .selections : .defaultTag)
    }

    /// The cluster's part in taking the takeover back.
    var back: GlooSituation {
        var back = self
        back.move = move.back
        return back
    }

    subscript<Value>(dynamicMember member: KeyPath<Move, Value>) -> Value { move[keyPath: member] }

    /// The name the management plane knows the cluster by.
    var registeredName: String { move.situation.cluster.registeredName }

    /// A cluster without a management cluster manages itself.
    var managementKubectl: Kubectl {
        Kubectl(cluster: move.situation.management ?? move.situation.cluster)
    }

    /// The manifest for a role; `nil` when there is none, or it cannot be read.
    func manifest(_ role: GlooManifestRole) -> LifecycleManifest? { manifests[role] }

    /// The operator that Gloo puts beside a control plane.
    var manager: CheckControlPlane.OperatorReference {
        CheckControlPlane.OperatorReference(
            namespace: "gm-iop-\(move.revision)", deployment: move.newName("istio-operator"))
    }
}

extension LifecycleManifest.Gateway {
    /// What Gloo makes of it.
    func running(_ revision: Revision) -> NewGateway {
        NewGateway(
            namespace: namespace, deployment: revision.named(name), service: name,
            labels: labels, bringsService: bringsService)
    }
}

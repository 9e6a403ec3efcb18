import FleetModel

/// The Services in front of the old gateways, and whether they can lead to the new ones.
///
/// A Service selects pods of its own namespace only. Where old and new gateways
/// share one, its selector is switched; elsewhere clients have to be led to
/// another address.
struct GatewaySwitch: Sendable {
    let fronts: [Front]

    struct Front: Hashable, Sendable {
        let service: JSON
        /// The label that tells the revisions' pods apart.
        let key: String
        let hasNewPods: Bool
        /// Names of the new gateway's pods that the Service may lead to.
        let newPods: [String]
        /// Whether all of the new gateway's pods carry the label that a pin would ask for.
        let canBePinned: Bool

        /// The revision the Service is pinned to; `nil` when it leads to all.
        var pin: String? { service.spec["selector"]?.strings[key] }

        /// Whether clients from outside the cluster come in through it.
        var isExternal: Bool {
            let type = service.spec["type"]?.string
            return type == "LoadBalancer" || type == "NodePort"
        }
    }

    static let paths = [APIPath.services, APIPath.pods, APIPath.endpointSlices[0]]

    init(_ view: ClusterView, for move: Move) throws(Pause) {
        try view.require(Self.paths)
        let gateways = try view.pods()
            .filter { $0.isAlive && $0.proxy?.kind == .gateway }
        let byNamespace = Dictionary(grouping: gateways, by: \.namespace)
        fronts = try view.list(APIPath.services)
            .sorted { $0.qualifiedName < $1.qualifiedName }
            .compactMap { service in
                let neighbours = byNamespace[service.namespace] ?? []
                return Front(service, gateways: neighbours, move)
            }
    }
}

extension GatewaySwitch.Front {
    /// Reads a Service; `nil` when no old gateway stands behind it, even unpinned.
    fileprivate init?(_ service: JSON, gateways: [Pod], _ move: Move) {
        let selector = service.spec["selector"]?.strings ?? [:]
        let shared = service.unpinnedSelector
        guard !shared.isEmpty else { return nil }
        let selected = gateways.filter { Selector(matchLabels: shared).matches($0.labels) }
        guard selected.contains(where: { $0.proxy?.revision == move.old }) else { return nil }
        let new = selected.filter { $0.proxy?.revision == move.revision }
        self.service = service
        hasNewPods = !new.isEmpty
        newPods = new.filter { $0.isReady && !$0.isTerminating }.map(\.name)
        let key = revisionKeys.first { selector[$0] != nil } ?? new.revisionKey(move.revision)
        self.key = key
        canBePinned = new.allSatisfy { $0.labels[key] == move.revision.rawValue }
    }
}

/// Labels on gateway pods that carry the revision: Gloo's own first.
private let revisionKeys = ["revision", IstioLabel.revision]

extension JSON {
    /// What a Service selects pods by, but for their revision.
    var unpinnedSelector: [String: String] {
        (spec["selector"]?.strings ?? [:]).filter { !revisionKeys.contains($0.key) }
    }
}

extension [Pod] {
    fileprivate func revisionKey(_ revision: Revision) -> String {
        let isGloo = contains { $0.labels["revision"] == revision.rawValue }
        return isGloo ? revisionKeys[0] : revisionKeys[1]
    }
}

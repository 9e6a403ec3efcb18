import FleetModel

/// The parameters of the Big Bang runbook alone, read.
struct BigBangSettings: Hashable, Sendable {
    private let parameters: [String: JSON]

    init(_ parameters: [String: JSON]) { self.parameters = parameters }

    enum Delivery: String, CaseIterable, Sendable { case override, hook }

    /// How the new values get to Big Bang.
    var delivery: Delivery { self[.delivery]?.string.flatMap(Delivery.init) ?? .override }

    /// The command that commits values to git; the cluster and the stage are added to it.
    var hook: [String] { (self[.hook]?.array ?? []).compactMap(\.string) }

    /// Whether the VirtualServices are led to the new gateways by somebody else.
    var leavesRoutesAlone: Bool { self[.routes]?.string == "others" }

    /// Whether load balancers that lead to nobody any more are deleted.
    var removesOrphans: Bool { self[.orphans]?.string == "delete" }

    /// Whether the values of both steps stand in git, so that Flux may read them there again.
    var valuesAreInGit: Bool { self[.valuesInGit]?.bool ?? (delivery == .hook) }

    /// Whether a new root of trust is what the operator expects.
    var allowsNewRoot: Bool { self[.allowNewRoot]?.bool ?? false }

    /// Whether the mesh may let plain text in that it did not let in before.
    var allowsMTLSChange: Bool { self[.allowMTLSChange]?.bool ?? false }

    /// Whether workloads may get identities of another trust domain.
    var allowsNewTrustDomain: Bool { self[.allowNewTrustDomain]?.bool ?? false }

    /// Whether pods may reach other things outside the mesh than before.
    var allowsOutboundChange: Bool { self[.allowOutboundChange]?.bool ?? false }

    /// Old gateways that nothing takes the place of, by the names of their Services.
    var goneGateways: [String] { (self[.goneGateways]?.array ?? []).compactMap(\.string) }

    /// How long Flux must leave everything as it is, once git rules again: two of the
    /// Kustomization's intervals.
    var finishHold: Duration {
        self[.finishHold]?.string.flatMap(Duration.init(text:)) ?? .minutes(20)
    }

    private subscript(parameter: BigBangParameter) -> JSON? { parameters[parameter.rawValue] }
}

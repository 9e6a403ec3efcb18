import FleetModel

/// Something that no step may take from a cluster, as one look found it.
///
/// Two looks are compared: what was not well before is not held against the step between.
/// Where there is none to compare with, because the step had nothing left to do when it was
/// looked at first, only what must be so in any case counts.
protocol Invariant: Sendable {
    static var kind: InvariantKind { get }
    /// What its part of a look that is kept is called; two may share one.
    static var part: String { get }
    /// What is read for it.
    static func readings(_ watch: StepWatch) -> [Reading]

    init(_ view: ClusterView, _ watch: StepWatch) throws(Pause)

    /// What a later look is compared with.
    var kept: JSON { get }
    /// A look before, of what was kept of it; `nil` when that is something else.
    init?(kept: JSON)

    /// What is worse than before, or, without a look before, wrong in any case.
    func violations(since before: Self?) -> [Violation]
}

extension Invariant {
    static var part: String { kind.rawValue }

    func violations(among before: [any Invariant]?) -> [Violation] {
        violations(since: before?.lazy.compactMap { $0 as? Self }.first)
    }
}

/// The invariants by their numbers.
enum InvariantKind: String, CaseIterable, Sendable {
    case webhooks = "I1"
    case injection = "I2"
    case sidecars = "I3"
    case readiness = "I4"
    case roots = "I5"
    case gateways = "I6"
    case namespaces = "I7"
    case definitions = "I8"
    case requests = "I9"

    /// Number and name, as a plan's explanation shows it.
    var label: String { "\(rawValue) \(self)" }

    var invariant: any Invariant.Type {
        switch self {
        case .webhooks: AnsweredWebhooks.self
        case .injection: RightInjector.self
        case .sidecars: KeptSidecars.self
        case .readiness: ReadyPods.self
        case .roots: TrustedRoots.self
        case .gateways: ServingGateways.self
        case .namespaces: ProtectedNamespaces.self
        case .definitions: IstioDefinitions.self
        case .requests: ServedRequests.self
        }
    }

    /// Whether it says something without a look before.
    var isAbsolute: Bool {
        switch self {
        case .webhooks, .injection, .gateways, .namespaces, .requests: true
        case .sidecars, .readiness, .roots, .definitions: false
        }
    }
}

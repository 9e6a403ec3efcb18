import FleetModel

@testable import FleetLab

/// A lab of Big Bang, changed by hand as an operator would.
struct BigBang {
    let rehearsal: Rehearsal
    let edge: ClusterStore

    static let branch = ObjectKey(
        "configmaps", namespace: "flux-system", name: EnvironmentRepository.name)
    static let environment = ObjectKey(
        FluxKinds.kustomizations, namespace: "bigbang", name: "environment")
    static let istioOperator = ObjectKey(
        IstioOperatorResource.resource, namespace: "istio-system", name: "istiocontrolplane")

    init(_ version: String = "2.54.0") async throws {
        rehearsal = try await Rehearsal(kind: .bigBang, bigBang: version)
        edge = try rehearsal.edge
    }

    var summary: ClusterSummary { ClusterSummary(store: edge) }

    static func release(_ name: String) -> ObjectKey {
        ObjectKey(FluxKinds.releases, namespace: "bigbang", name: name)
    }

    /// Asks Flux to look at an object now.
    func reconcile(_ key: ObjectKey, token: String, forced: Bool = false) throws {
        try edge.update(key) { object in
            object[path: ["metadata", "annotations", "reconcile.fluxcd.io/requestedAt"]] =
                .string(token)
            guard forced else { return }
            for wish in ["forceAt", "resetAt"] {
                object[path: ["metadata", "annotations", "reconcile.fluxcd.io/\(wish)"]] =
                    .string(token)
            }
        }
    }

    /// Commits values to the environment's repository, and has them fetched.
    func commit(_ values: String, token: String) throws {
        try edge.update(Self.branch) { $0[path: ["data", "values.yaml"]] = .string(values) }
        try reconcile(
            ObjectKey(FluxKinds.repositories, namespace: "bigbang", name: "environment-repo"),
            token: token)
    }

    static let firstStep = values(
        on: ["istioOperator", "istioCRDs", "istiod"], off: ["istio", "istioGateway"])
    static let secondStep = values(
        on: ["istioCRDs", "istiod", "istioGateway"], off: ["istio", "istioOperator"])

    static func values(on: [String], off: [String]) -> String {
        (on.map { "\($0):\n  enabled: true\n" } + off.map { "\($0):\n  enabled: false\n" }).joined()
    }

    func condition(_ type: String, of name: String) -> JSON? {
        edge.get(Self.release(name)).flatMap { Condition.find(type, in: $0) }
    }

    func isReady(_ name: String) -> Bool {
        edge.get(Self.release(name)).map { FluxRelease(object: $0, cluster: "edge-01").isReady }
            ?? false
    }

    var releases: [String] { edge.list(FluxKinds.releases).map(\.name) }
}

import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetLab

/// Clusters of Big Bang that begin as they were recorded, and that Flux leads on from there.
@Suite struct RecordedBigBangTests {
    private static let cluster = "edge-01"
    private static let variants = ["bigbang-250", "bigbang-254"]

    private static func stage(_ name: String) throws -> RecordedStage {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        return try RecordedStage.named(name, below: here.deletingLastPathComponent())
    }

    /// The namespaces that Big Bang has before a takeover, and after it.
    private static let spaces: Set = [
        "bigbang", "bookinfo", "istio-gateway", "istio-operator", "istio-system",
    ]

    private func picture(_ stage: RecordedStage) -> MeshPicture {
        MeshPicture(stage.clusters[Self.cluster] ?? [], of: Self.spaces)
    }

    private func picture(_ store: ClusterStore) -> MeshPicture {
        MeshPicture(
            [
                "namespaces", "deployments.apps", "pods", "services", FluxKinds.releases,
                "mutatingwebhookconfigurations.admissionregistration.k8s.io",
                IstioOperatorResource.resource,
            ].flatMap { store.list($0) }, of: Self.spaces)
    }

    private func rehearsal(_ stage: RecordedStage) async throws -> Rehearsal {
        try await stage.written { try await Rehearsal(recorded: $0) }
    }

    /// Asks Flux to look at every source, Kustomization and release now.
    private func ask(_ store: ClusterStore, _ token: String, forced: Bool = false) throws {
        let wishes = ["requestedAt"] + (forced ? ["forceAt", "resetAt"] : [])
        for resource in FluxKinds.sources.values + [FluxKinds.kustomizations, FluxKinds.releases] {
            for object in store.list(resource) {
                let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
                try store.update(key) { object in
                    for wish in wishes {
                        object[path: ["metadata", "annotations", "reconcile.fluxcd.io/\(wish)"]] =
                            .string(token)
                    }
                }
            }
        }
    }

    private func history(_ store: ClusterStore) -> [String] {
        store.list(FluxKinds.releases).map {
            "\($0.name) \(FluxRelease(object: $0, cluster: "").number) \($0.generation)"
        }
    }

    private func hasHandled(_ store: ClusterStore, _ token: String) -> Bool {
        store.list(FluxKinds.releases).allSatisfy {
            $0[path: ["status", "lastHandledReconcileAt"]]?.string == token
        }
    }

    // MARK: - Tests

    @Test(
        arguments: variants.flatMap { variant in
            ["00", "30", "50", "51", "60", "90"].map { "\(variant)/\($0)" }
        })
    func `what was at rest stays so, and Flux finds nothing to do when it is asked`(name: String)
        async throws
    {
        let stage = try Self.stage(name)
        let lab = try await rehearsal(stage)
        let edge = try lab.edge
        let before = history(edge)
        lab.run(seconds: 60)
        try ask(edge, "1")
        #expect(lab.run { hasHandled(edge, "1") })
        // A Kustomization puts right every ten minutes what it once applied.
        lab.run(seconds: 700)
        #expect(history(edge) == before)
        #expect(picture(edge) == picture(stage))
    }

    @Test(
        arguments: variants.flatMap { variant in
            [("10", "30"), ("20", "30"), ("40", "50")].map {
                ("\(variant)/\($0.0)", "\(variant)/\($0.1)")
            }
        })
    func `what was under way comes to its end`(begin: String, end: String) async throws {
        let lab = try await rehearsal(try Self.stage(begin))
        let edge = try lab.edge
        let end = picture(try Self.stage(end))
        #expect(lab.run { picture(edge) == end }, "\(picture(edge))")
    }

    /// From the first stage to the one in which only workloads are still to be restarted.
    @Test(arguments: variants)
    func `two commits lead from before to after`(variant: String) async throws {
        let lab = try await rehearsal(try Self.stage("\(variant)/00"))
        let edge = try lab.edge
        let packages = variant == "bigbang-250" ? ["istioCore"] : ["istioCRDs", "istiod"]
        for (number, (on, off)) in [
            (packages + ["istioOperator"], ["istio", "istioGateway"]),
            (packages + ["istioGateway"], ["istio", "istioOperator"]),
        ].enumerated() {
            try edge.update(BigBang.branch) {
                $0[path: ["data", "values.yaml"]] = .string(BigBang.values(on: on, off: off))
            }
            try ask(edge, "\(number)")
            let end = picture(try Self.stage("\(variant)/\(number == 0 ? "30" : "50")"))
            #expect(lab.run { picture(edge) == end }, "\(picture(edge))")
        }
    }

    @Test(arguments: variants)
    func `an istiod that is gone comes back when its release is forced`(variant: String)
        async throws
    {
        let lab = try await rehearsal(try Self.stage("\(variant)/90"))
        let edge = try lab.edge
        #expect(edge.list("deployments.apps").allSatisfy { $0.name != "istiod" })
        try ask(edge, "1", forced: true)
        let end = picture(try Self.stage("\(variant)/30"))
        #expect(
            lab.run {
                let now = picture(edge)
                return now.injectors == end.injectors && now.releases == end.releases
                    && now.controlPlanes.count == 1
            }, "\(picture(edge))")
    }

    /// Else a comparison with a stage would prove nothing.
    @Test(arguments: variants)
    func `no two stages look the same`(variant: String) throws {
        let stages = ["00", "10", "20", "30", "40", "50", "51", "60", "90"]
        let pictures = try stages.map { picture(try Self.stage("\(variant)/\($0)")) }
        #expect(Set(pictures).count == stages.count)
    }

    /// Where nothing of Flux was recorded but its releases, of which one is none of Istio's, and
    /// what another team applies.
    @Test func `sources, values and packages that the lab doesn't know are no obstacle`()
        async throws
    {
        let stage = try Self.stage("bigbang-254/00")
        let objects = try #require(stage.clusters[Self.cluster])
        var other = try #require(
            objects.first { $0["kind"] == "HelmRelease" && $0.name == "istio-operator" })
        other.metadata["name"] = "kyverno"
        other.metadata["uid"] = "kyverno"
        other[path: ["spec", "targetNamespace"]] = "kyverno"
        other[path: ["spec", "chart", "spec", "sourceRef"]] = [
            "kind": "HelmRepository", "name": "registry1",
        ]
        let fluxes: Set = ["GitRepository", "Kustomization"]
        let team = objects.filter { fluxes.contains($0["kind"]?.string ?? "") }.map { object in
            var object = object
            object.metadata["name"] = "team"
            object.metadata["uid"] = .string("team-\(object.uid)")
            if object["kind"] == "Kustomization" {
                object[path: ["spec", "sourceRef", "name"]] = "team"
            }
            return object
        }
        let poor = RecordedStage(
            name: "poor",
            clusters: [
                Self.cluster: objects.filter { !fluxes.contains($0["kind"]?.string ?? "") }
                    + [other] + team
            ])
        let lab = try await rehearsal(poor)
        let edge = try lab.edge
        let before = history(edge)
        lab.run(seconds: 60)
        try ask(edge, "1", forced: true)
        #expect(lab.run { hasHandled(edge, "1") })
        lab.run(seconds: 60)
        #expect(edge.list("helmrepositories.source.toolkit.fluxcd.io").count == 1)
        #expect(edge.list(FluxKinds.kustomizations).map(\.name) == ["environment", "team"])
        #expect(edge.list("deployments.apps", namespace: "kyverno").isEmpty)
        // Forced, each was upgraded once, and what it asks for is what it was.
        #expect(before.contains("kyverno 1 1") && history(edge).contains("kyverno 2 1"))
        #expect(before.contains("bigbang 1 1") && history(edge).contains("bigbang 2 1"))
        #expect(picture(edge).controlPlanes == picture(stage).controlPlanes)
        #expect(picture(edge).proxies == picture(stage).proxies)
    }
}

extension Rehearsal {
    /// Clusters that begin as they were recorded in a directory.
    init(recorded directory: URL) async throws {
        let recorded = try RecordedFleet(at: directory, seed: 7)
        clock = ManualClock()
        var configuration = LabConfiguration()
        (configuration.played, configuration.kind) = (recorded.clusters, recorded.kind)
        fleet = try await LabFleet(configuration, clock: clock)
        fleet.advance(to: clock.now)
    }
}

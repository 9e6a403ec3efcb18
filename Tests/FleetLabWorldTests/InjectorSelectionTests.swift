import FleetModel
import Testing

@testable import FleetLab

/// Which injector acts on a pod, by the thirteen recorded vectors i1 to i13.
@Suite struct InjectorSelectionTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var installed: [String]
        var namespace: [String: String]
        var pod: [String: String] = [:]
        /// Who acts, in the order of calls.
        var acting: [String]

        init(
            _ name: String, _ installed: [String], _ namespace: [String: String],
            _ pod: [String: String] = [:], acts acting: [String]
        ) {
            testDescription = name
            self.installed = installed
            self.namespace = namespace
            self.pod = pod
            self.acting = acting
        }
    }

    private static let unrevisioned = "mwc-istio-sidecar-injector"
    private static let revisioned = "mwc-istio-sidecar-injector-1-15"
    private static let defaultTag = "mwc-istio-revision-tag-default-to-1-15"
    private static let deactivated = "mwc-istio-sidecar-injector-deactivated"
    private static let stableTag = "mwc-istio-revision-tag-prod-stable-to-1-15"
    private static let both = [unrevisioned, revisioned]
    private static let enabled = ["istio-injection": "enabled"]
    private static let labelled = ["istio.io/rev": "1-15"]
    private static let toOld = "istio-sidecar-injector → istiod"
    private static let toNew = "istio-sidecar-injector-1-15 → istiod-1-15"
    private static let toTag = "istio-revision-tag-default → istiod-1-15"

    static let vectors = [
        Vector("i1 enabled", both, enabled, acts: [toOld]),
        Vector("i2 revision", both, labelled, acts: [toNew]),
        Vector(
            "i3 both labels: the old key wins", both, enabled.merging(labelled) { $1 },
            acts: [toOld]),
        Vector("i4 a pod's label is ignored", both, enabled, labelled, acts: [toOld]),
        Vector("i5 a pod's label in a plain namespace", both, [:], labelled, acts: [toNew]),
        Vector(
            "i6 inject=true in a plain namespace", both, [:],
            ["sidecar.istio.io/inject": "true"], acts: [toOld]),
        Vector(
            "i7 inject=false", both, labelled, ["sidecar.istio.io/inject": "false"], acts: []),
        Vector(
            "i8 two defaults: the last name acts last", both + [defaultTag], enabled,
            acts: [toTag, toOld]),
        Vector(
            "i9 deactivated", [deactivated, revisioned, defaultTag], enabled, acts: [toTag]),
        Vector(
            "i10 disabled and a revision", both,
            ["istio-injection": "disabled", "istio.io/rev": "1-15"], acts: []),
        Vector(
            "i11 tag", both + [stableTag], ["istio.io/rev": "prod-stable"],
            acts: ["istio-revision-tag-prod-stable → istiod-1-15"]),
        Vector("i12 unknown tag: nobody", both, ["istio.io/rev": "prod-stable"], acts: []),
        Vector(
            "i13 inject=true with a revision only", [revisioned], [:],
            ["sidecar.istio.io/inject": "true"], acts: []),
        Vector("no labels at all", both, [:], acts: []),
        Vector("revision default", both, ["istio.io/rev": "default"], acts: [toOld]),
    ]

    @Test(arguments: vectors) func `the samples' injectors act`(vector: Vector) throws {
        let configurations = try vector.installed.map(Fixture.load)
        #expect(try acting(configurations, on: vector) == vector.acting)
    }

    @Test(arguments: vectors) func `the lab's own injectors act alike`(vector: Vector) throws {
        let old = Self.revision("default", "1.14.5")
        let new = Self.revision("1-15", "1.15.3-solo")
        let rendered = [
            Self.unrevisioned: old.injector, Self.revisioned: new.injector,
            Self.defaultTag: new.tag("default"), Self.stableTag: new.tag("prod-stable"),
            Self.deactivated: try Fixture.load(Self.deactivated),
        ]
        let configurations = vector.installed.compactMap { rendered[$0] }
        #expect(try acting(configurations, on: vector) == vector.acting)
    }

    private static func revision(_ name: String, _ tag: String) -> IstioRevision {
        IstioRevision(
            name: name, hub: "docker.io/istio", tag: tag,
            owner: IstioOwner(name: "control-plane", namespace: "istio-system"), cluster: "edge-01")
    }

    private func acting(_ configurations: [JSON], on vector: Vector) throws -> [String] {
        let store = ClusterStore(cluster: "edge-01", clock: ManualClock(), seed: 1)
        let kind = "mutatingwebhookconfigurations.admissionregistration.k8s.io"
        for configuration in configurations { try store.create(kind, configuration) }
        return store.list(kind).flatMap { configuration in
            (configuration["webhooks"]?.array ?? []).filter { hook in
                WebhookCall(webhook: hook, store: store)
                    .selects(namespaceLabels: vector.namespace, objectLabels: vector.pod)
            }.map { hook in
                let service = hook[path: ["clientConfig", "service", "name"]]?.string ?? ""
                return "\(configuration.name) → \(service)"
            }
        }
    }
}

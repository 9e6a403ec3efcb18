import FleetModel
import Testing

@testable import Takeovers

/// Failures that break nothing by themselves, and are told to those who should know.
struct QuietTroubleTests {
    @Test func `two default injectors are told before anything begins`() throws {
        let words =
            "2 default injectors, of which the last acts: "
            + "istio-revision-tag-default, istio-sidecar-injector"
        #expect(try World.findings(at: "40") { _ in }.contains(Finding("P04", .warn, words)))
        #expect(try !World.findings { _ in }.contains { $0.check == "P04" })
    }

    @Test func `a new order of containers is told`() throws {
        func told(old: String, new: JSON) throws -> [Finding] {
            var manifest = Takeover.controlPlaneManifest
            var installation = manifest.spec.items("installations")[0]
            installation[path: ["istioOperatorSpec", "meshConfig", "defaultConfig"]] = [
                "holdApplicationUntilProxyStarts": new
            ]
            manifest[path: ["spec", "installations"]] = .array([installation])
            let takeover = Takeover.gloo(manifests: ["controlPlane": manifest.description])
            return try World.findings(takeover) { world in
                world.cluster.append([
                    "kind": "ConfigMap",
                    "metadata": ["name": "istio", "namespace": "istio-system"],
                    "data": [
                        "mesh": .string(
                            "defaultConfig:\n  holdApplicationUntilProxyStarts: \(old)\n")
                    ],
                ])
            }.filter { $0.check == "P10" }
        }
        let words =
            "holdApplicationUntilProxyStarts is new: istio-proxy becomes the first container, "
            + "so name yours with -c in exec and logs"
        #expect(try told(old: "false", new: true) == [Finding("P10", .warn, words)])
        #expect(try told(old: "true", new: true).isEmpty)
        let lost =
            "holdApplicationUntilProxyStarts is on, and the new settings do not say so: "
            + "applications would start before their proxies can reach anybody"
        #expect(try told(old: "true", new: false) == [Finding("P10", .warn, lost)])
        #expect(try told(old: "false", new: false).isEmpty)
    }

    @Test func `an istiod that cannot be evicted is told`() throws {
        let words = "no node with an istiod can be drained: istio-system/istiod"
        #expect(try World.findings { _ in }.contains(Finding("P08", .note, words)))
        let roomy = try World.findings { world in
            world.edit("PodDisruptionBudget", "istiod", in: "istio-system") {
                $0[path: ["status", "disruptionsAllowed"]] = 1
            }
        }
        #expect(!roomy.contains { $0.check == "P08" })
    }

    @Test func `a workload that asks to be left alone is told`() throws {
        let annotation = "cluster-autoscaler.kubernetes.io/safe-to-evict"
        let told = try World.findings { world in
            world.edit("Deployment", "reviews-v1", in: "bookinfo") {
                $0[path: ["spec", "template", "metadata", "annotations", annotation]] = "false"
            }
        }.filter { $0.check == "P07" }
        let words = "Deployment bookinfo/reviews-v1 asks not to be disturbed (safe-to-evict: false)"
        #expect(told == [Finding("P07", .warn, words)])
    }

    @Test func `a restart that leaves a moment without a pod is told`() throws {
        let told = try World.findings { world in
            world.edit("Deployment", "reviews-v1", in: "bookinfo") {
                $0[path: ["spec", "strategy", "type"]] = "Recreate"
                $0[path: ["spec", "replicas"]] = 1
            }
        }.filter { $0.check == "P07" }
        let words =
            "Deployment bookinfo/reviews-v1 is down while it restarts (Recreate, one replica)"
        #expect(told == [Finding("P07", .warn, words)])
    }

    @Test func `a policy that restarts pods by itself is told`() throws {
        let told = try World.findings { world in
            world.management.append([
                "kind": "RootTrustPolicy",
                "metadata": ["name": "root", "namespace": "gloo-mesh"],
                "spec": ["config": ["autoRestartPods": true]],
            ])
        }
        let words = "RootTrustPolicy root is left as it is; it restarts pods by itself"
        #expect(told.contains(Finding("PG2", .warn, words)))
    }

    @Test func `an address that leads nowhere is told in the end`() throws {
        var world = try World("70")
        let step = try GlooRunbook.step("final-check", of: "retire")
        guard case .done(let well) = world.observe(step) else {
            Issue.record("not done: \(world.observe(step))")
            return
        }
        #expect(!well.contains("topology"))
        world.cluster.append([
            "kind": "Service",
            "metadata": [
                "name": "istio-eastwestgateway", "namespace": "istio-gateways",
                "labels": ["topology.istio.io/network": "network-1"],
            ],
            "spec": ["selector": ["istio": "eastwestgateway"]],
        ])
        #expect(
            world.observe(step)
                == .done(
                    well + "; take topology.istio.io/network off Service "
                        + "istio-gateways/istio-eastwestgateway, which leads to nobody any more"))
    }
}

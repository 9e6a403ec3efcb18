import FleetLab
import FleetModel
import Testing

@Suite(.enabled(if: !Kubectl.installed.isEmpty, "kubectl isn't installed"))
struct KubectlLifecycleTests {
    private static let web = ObjectKey("deployments.apps", namespace: "shop", name: "web")

    @Test(arguments: Kubectl.installed)
    func `a finalizer holds what was deleted, and wait waits for it`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            let key = ObjectKey("configmaps", namespace: "default", name: "m")
            try lab.store.create("configmaps", .configMap("m"))
            try lab.store.update(key) { $0[path: ["metadata", "finalizers"]] = ["lab/held"] }
            let run = try await lab.run(kubectl, "delete", "cm", "m", "--wait=false")
            #expect(run.output == "configmap \"m\" deleted\n")
            #expect(lab.store.get(key)?["metadata"]?["deletionTimestamp"]?.string != nil)
            async let wait = lab.run(
                kubectl, "wait", "--for=delete", "cm/m", "--timeout=2m")
            await lab.waitForRequest { $0.contains("watch=true") }
            try lab.store.update(key) { $0[path: ["metadata", "finalizers"]] = nil }
            #expect(try await wait.exitCode == 0)
            #expect(lab.store.get(key) == nil)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `wait sees a condition come`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            async let wait = lab.run(
                kubectl, "wait", "-n", "shop", "--for=condition=Available", "deploy/web",
                "--timeout=2m")
            await lab.waitForRequest { $0.contains("watch=true") }
            try lab.store.update(Self.web, status: true) {
                $0["status"] = ["conditions": [["type": "Available", "status": "True"]]]
            }
            #expect(try await wait.output == "deployment.apps/web condition met\n")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `rollout status follows the status to its end`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            async let rollout = lab.run(
                kubectl, "rollout", "status", "-n", "shop", "deploy/web", "--timeout=2m")
            await lab.waitForRequest { $0.contains("watch=true") }
            for ready in [1, 2] as [JSON] {
                try lab.store.update(Self.web, status: true) {
                    $0["status"] = [
                        "observedGeneration": 1, "replicas": 2, "updatedReplicas": 2,
                        "availableReplicas": ready, "readyReplicas": ready,
                    ]
                }
            }
            let run = try await rollout
            #expect(run.exitCode == 0)
            #expect(run.output.contains("1 of 2 updated replicas are available"))
            #expect(run.output.hasSuffix("deployment \"web\" successfully rolled out\n"))
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a second restart within a second is refused`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            var codes: [Int32] = []
            // Two in a row may fall into two seconds, on a busy machine often.
            for _ in 0..<40 where !codes.contains(1) {
                codes.append(
                    try await lab.run(kubectl, "rollout", "restart", "-n", "shop", "deploy/web")
                        .exitCode)
            }
            #expect(codes.first == 0)
            #expect(codes.contains(1))
            let web = try #require(lab.store.get(Self.web))
            let annotations = web["spec"]?["template"]?["metadata"]?["annotations"]
            #expect(annotations?["kubectl.kubernetes.io/restartedAt"]?.string != nil)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `scaling goes through the scale of the object`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            let run = try await lab.run(
                kubectl, "scale", "-n", "shop", "deploy/web", "--replicas=5",
                "--current-replicas=2")
            #expect(run.output == "deployment.apps/web scaled\n")
            #expect(lab.store.get(Self.web)?["spec"]?["replicas"] == 5)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `deleting a namespace takes everything in it along`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            let run = try await lab.run(kubectl, "delete", "ns", "shop", "--timeout=2m")
            #expect(run.output == "namespace \"shop\" deleted\n")
            #expect(lab.store.get(Self.web) == nil)
            #expect(lab.store.get(ObjectKey("namespaces", name: "shop")) == nil)
        }
    }
}

import FleetLab
import FleetModel
import Foundation
import Testing

@Suite(.enabled(if: !Kubectl.installed.isEmpty, "kubectl isn't installed"))
struct KubectlReadingTests {
    @Test(arguments: Kubectl.installed)
    func `kubectl discovers the built-in kinds and those of definitions`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            try lab.store.create(
                "customresourcedefinitions.apiextensions.k8s.io", .lifecycleManagerDefinition)
            let run = try await lab.run(kubectl, "api-resources", "-o", "name")
            let names = run.output.split(separator: "\n")
            #expect(run.exitCode == 0)
            for name in [
                "pods", "deployments.apps", "istiolifecyclemanagers.admin.gloo.solo.io",
                "mutatingwebhookconfigurations.admissionregistration.k8s.io",
            ] { #expect(names.contains(Substring(name))) }
            let short = try await lab.run(kubectl, "get", "ilm", "-A")
            #expect(short.complaint.contains("No resources found"))
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a list is a table with the columns of its kind`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy()
            let run = try await lab.run(kubectl, "get", "deploy", "-n", "shop", "-o", "wide")
            let lines = run.output.split(separator: "\n").map { line in
                line.split(separator: " ").map(String.init)
            }
            #expect(
                lines.first == [
                    "NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES",
                    "SELECTOR",
                ])
            #expect(lines.last?.prefix(4) == ["web", "0/2", "0", "0"])
            #expect(lines.last?.suffix(3) == ["app", "nginx:1.25", "app=web"])
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a definition's own columns are shown`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.store.create(
                "customresourcedefinitions.apiextensions.k8s.io", .lifecycleManagerDefinition)
            let id = "istiolifecyclemanagers.admin.gloo.solo.io"
            try lab.store.create(
                id, ["metadata": ["name": "istiod", "namespace": "default"], "spec": [:]])
            try lab.store.update(
                ObjectKey(id, namespace: "default", name: "istiod"), status: true
            ) { $0["status"] = ["conditions": [["type": "Ready", "status": "Perhaps"]]] }
            let run = try await lab.run(kubectl, "get", "ilm")
            #expect(run.output.contains("STATE"))
            #expect(run.output.contains("Perhaps"))
        }
    }

    @Test(arguments: Kubectl.installed)
    func `selectors choose by labels and fields`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            for (name, tier) in [("a", "front"), ("b", "back"), ("c", "old")] {
                try lab.store.create(
                    "pods", .pod(name, in: "default", labels: ["tier": tier, name: "yes"]))
            }
            let asked = [
                ["-l", "tier in (front,back)"]: "pod/a\npod/b\n",
                ["-l", "tier notin (front)"]: "pod/b\npod/c\n",
                ["-l", "tier!=old,!a"]: "pod/b\n",
                ["-l", "c"]: "pod/c\n",
                ["--field-selector", "metadata.name=b"]: "pod/b\n",
                ["--field-selector", "status.phase!=Pending"]: "",
            ]
            for (selector, names) in asked {
                let run = try await lab.run(
                    kubectl, "get", "pods", selector[0], selector[1], "-o", "name")
                #expect(run.output == names, "\(selector)")
            }
        }
    }

    @Test(arguments: Kubectl.installed)
    func `raw paths answer with selectors and pages`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            for name in ["a", "b", "c"] {
                try lab.store.create("pods", .pod(name, in: "default", labels: ["app": "istiod"]))
            }
            let path = "/api/v1/namespaces/default/pods?labelSelector=app%3Distiod&limit=2"
            let first = try JSON(text: await lab.run(kubectl, "get", "--raw", path).output)
            #expect(first["items"]?.array?.count == 2)
            #expect(first["items"]?[0]?["kind"] == "Pod")
            let token = try #require(first["metadata"]?["continue"]?.string)
            let next = try JSON(
                text: await lab.run(kubectl, "get", "--raw", "\(path)&continue=\(token)").output)
            #expect(next["items"]?.array?.count == 1)
            #expect(next["items"]?[0]?["metadata"]?["name"] == "c")
            #expect(next["metadata"]?["continue"] == nil)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a watch tells what comes into its sight and what leaves it`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            let key = ObjectKey("pods", namespace: "default", name: "a")
            async let watch = lab.run(
                kubectl, "get", "--raw",
                "/api/v1/pods?watch=true&labelSelector=app%3Da&timeoutSeconds=2")
            try lab.store.create("pods", .pod("a", in: "default", labels: ["app": "a"]))
            try lab.store.create("pods", .pod("b", in: "default", labels: ["app": "b"]))
            await lab.waitForRequest { $0.contains("watch=true") }
            try lab.store.update(key) { $0[path: ["metadata", "labels", "app"]] = "b" }
            try lab.store.update(key) { $0[path: ["metadata", "labels", "app"]] = "a" }
            try lab.store.update(key) { $0[path: ["metadata", "labels", "x"]] = "y" }
            lab.store.remove(key)
            let events = try await watch.output.split(separator: "\n").map {
                try JSON(text: String($0))
            }
            #expect(
                events.compactMap { $0["type"]?.string } == [
                    "ADDED", "DELETED", "ADDED", "MODIFIED", "DELETED",
                ])
            #expect(events.allSatisfy { $0["object"]?["metadata"]?["name"] == "a" })
        }
    }

    @Test(arguments: Kubectl.installed)
    func `what isn't there is told in the words of Kubernetes`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let expected = [
                ["deploy", "istiod"]:
                    "Error from server (NotFound): deployments.apps \"istiod\" not found\n",
                ["gadgets"]: "error: the server doesn't have a resource type \"gadgets\"\n",
            ]
            for (what, complaint) in expected {
                let name = what.count > 1 ? what[1] : "-A"
                let run = try await lab.run(kubectl, "get", what[0], name)
                #expect(run.exitCode == 1)
                #expect(run.complaint == complaint)
            }
        }
    }
}

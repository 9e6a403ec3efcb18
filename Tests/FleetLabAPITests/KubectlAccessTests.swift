import FleetLab
import FleetModel
import Testing

@Suite(.enabled(if: !Kubectl.installed.isEmpty, "kubectl isn't installed"))
struct KubectlAccessTests {
    @Test(arguments: Kubectl.installed)
    func `everything is allowed unless a fault denies it`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let allowed = try await lab.run(kubectl, "auth", "can-i", "patch", "deployments.apps")
            #expect(allowed.output == "yes\n")
            #expect(allowed.exitCode == 0)
            lab.store.deniedAccess = [AccessRule(verb: "patch", resource: "deployments.apps")]
            let denied = try await lab.run(kubectl, "auth", "can-i", "patch", "deployments.apps")
            #expect(denied.output == "no\n")
            #expect(denied.exitCode == 1)
            let list = try await lab.run(kubectl, "auth", "can-i", "--list")
            #expect(list.output.contains("*.*"))
        }
    }

    @Test(arguments: Kubectl.installed)
    func `what is denied is answered as the authorizer does`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            lab.store.deniedAccess = [AccessRule(verb: "list", resource: "pods")]
            let run = try await lab.run(kubectl, "get", "pods", "-A")
            #expect(run.exitCode == 1)
            #expect(
                run.complaint
                    == "Error from server (Forbidden): pods is forbidden: User \"lab-admin\" cannot"
                    + " list resource \"pods\" in API group \"\" at the cluster scope\n")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `nobody may enter pods, and the authorizer says so`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let pod: JSON = [
                "apiVersion": "v1", "kind": "Pod",
                "metadata": ["name": "web", "namespace": "default"],
                "spec": ["containers": [["name": "web", "image": "nginx"]]],
            ]
            _ = try await lab.run(kubectl, "create", "-f", "-", input: pod.description)
            let run = try await lab.run(kubectl, "exec", "web", "--", "true")
            #expect(run.exitCode == 1)
            let words = #"(Forbidden): pods is forbidden: User "lab-admin" cannot create"#
            #expect(run.complaint.contains(words + #" resource "pods/exec""#))
            let asked = try await lab.run(
                kubectl, "auth", "can-i", "create", "pods", "--subresource=exec")
            #expect(asked.output == "no\n")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `an unreachable cluster cuts the connection, also of a watch`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            async let watch = lab.run(kubectl, "get", "--raw", "/api/v1/pods?watch=true")
            await lab.waitForRequest { $0.contains("watch=true") }
            lab.store.transportFault = .unreachable
            #expect(try await watch.exitCode == 1)
            let run = try await lab.run(kubectl, "get", "--raw", "/version")
            #expect(run.exitCode == 1)
            #expect(run.complaint.contains("EOF"))
            lab.store.transportFault = nil
            #expect(try await lab.run(kubectl, "get", "--raw", "/version").exitCode == 0)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `on a flaky way something is carried out although its caller is cut off`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            lab.store.transportFault = .flaky(every: 1)
            for _ in 1...6 {
                let run = try await lab.run(
                    kubectl, "create", "--raw", "/api/v1/namespaces", "-f", "-",
                    input: #"{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"shop"}}"#)
                // It depends on how much of the request was read by then.
                let isCutOff = ["EOF", "connection reset by peer"].contains {
                    run.complaint.contains($0)
                }
                #expect(run.exitCode == 1 && isCutOff, "\(run.complaint)")
            }
            #expect(lab.store.get(ObjectKey("namespaces", name: "shop")) != nil)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a hung cluster never answers and a mended one goes on`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            lab.store.transportFault = .hung
            let run = try await lab.run(
                kubectl, "get", "--raw", "/version", "--request-timeout=1s")
            #expect(run.exitCode == 1)
            async let patient = lab.run(
                kubectl, "get", "--raw", "/api/v1/pods", "--request-timeout=20s")
            await Task.yield()
            lab.store.transportFault = nil
            #expect(try await patient.exitCode == 0)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a slow cluster is too slow only for the impatient`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            lab.store.transportFault = .slow(.seconds(30))
            let impatient = try await lab.run(
                kubectl, "get", "--raw", "/version", "--request-timeout=1s")
            #expect(impatient.exitCode == 1)
            lab.store.transportFault = .slow(.milliseconds(50))
            let patient = try await lab.run(kubectl, "get", "--raw", "/version")
            #expect(patient.exitCode == 0)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `an eviction that a budget forbids is told to come again`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            try lab.store.create("pods", .pod("a", in: "default", labels: ["app": "a"]))
            let key = ObjectKey("pods", namespace: "default", name: "a")
            try lab.store.update(key, status: true) { $0["status"] = ["phase": "Running"] }
            try lab.store.create(
                "poddisruptionbudgets.policy",
                [
                    "metadata": ["name": "a", "namespace": "default"],
                    "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "a"]]],
                ])
            let eviction = """
                {"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"a"}}
                """
            let run = try await lab.run(
                kubectl, "create", "--raw", "/api/v1/namespaces/default/pods/a/eviction", "-f", "-",
                input: eviction)
            #expect(
                run.complaint
                    == "Error from server (TooManyRequests): Cannot evict pod as it would violate"
                    + " the pod's disruption budget.\n")
            let budget = ObjectKey("poddisruptionbudgets.policy", namespace: "default", name: "a")
            try lab.store.update(budget, status: true) { $0["status"] = ["disruptionsAllowed": 1] }
            let again = try await lab.run(
                kubectl, "create", "--raw", "/api/v1/namespaces/default/pods/a/eviction", "-f", "-",
                input: eviction)
            #expect(again.exitCode == 0)
            #expect(lab.store.get(key) == nil)
        }
    }
}

import FleetLab
import FleetModel
import Testing

@Suite(.enabled(if: !Kubectl.installed.isEmpty, "kubectl isn't installed"))
struct KubectlWritingTests {
    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: app, image: "nginx:1.25", ports: [{containerPort: 80}]}
        """

    private static let web = ObjectKey("deployments.apps", namespace: "default", name: "web")

    @Test(arguments: Kubectl.installed)
    func `applying the same twice changes nothing the second time`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            let first = try await lab.run(kubectl, "apply", "-f", "-", input: Self.manifest)
            #expect(first.output == "deployment.apps/web created\n")
            let version = lab.store.resourceVersion
            let second = try await lab.run(kubectl, "apply", "-f", "-", input: Self.manifest)
            #expect(second.output == "deployment.apps/web unchanged\n")
            #expect(lab.store.resourceVersion == version)
            let changed = Self.manifest.replacing("nginx:1.25", with: "nginx:1.26")
            let third = try await lab.run(kubectl, "apply", "-f", "-", input: changed)
            #expect(third.output == "deployment.apps/web configured\n")
            let object = try #require(lab.store.get(Self.web))
            #expect(object["metadata"]?["generation"] == 2)
            #expect(
                object["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"] == "nginx:1.26")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `server-side apply creates, repeats, and asks before it takes over`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            let apply = ["apply", "--server-side", "-f", "-"]
            let first = try await lab.run(
                kubectl, apply[0], apply[1], apply[2], apply[3], input: Self.manifest)
            #expect(first.output == "deployment.apps/web serverside-applied\n")
            let version = lab.store.resourceVersion
            _ = try await lab.run(
                kubectl, apply[0], apply[1], apply[2], apply[3], input: Self.manifest)
            #expect(lab.store.resourceVersion == version)
            _ = try await lab.run(
                kubectl, "set", "image", "deploy/web", "app=nginx:1.27")
            let refused = try await lab.run(
                kubectl, apply[0], apply[1], apply[2], apply[3], input: Self.manifest)
            #expect(refused.exitCode == 1)
            #expect(
                refused.complaint.contains(
                    "Apply failed with 1 conflict: conflict with \"kubectl-set\" using apps/v1:"
                        + " .spec.template.spec.containers[name=\"app\"].image"))
            let forced = try await lab.run(
                kubectl, "apply", "--server-side", "--force-conflicts", "-f", "-",
                input: Self.manifest)
            #expect(forced.exitCode == 0)
            let containers = lab.store.get(Self.web)?["spec"]?["template"]?["spec"]?["containers"]
            #expect(containers?[0]?["image"] == "nginx:1.25")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `server-side apply takes away what its manager no longer wants`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            let map = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}"
            for data in ["{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"1\"}"] {
                let run = try await lab.run(
                    kubectl, "apply", "--server-side", "-f", "-", input: "\(map),\"data\":\(data)}")
                #expect(run.exitCode == 0)
            }
            let key = ObjectKey("configmaps", namespace: "default", name: "m")
            #expect(lab.store.get(key)?["data"] == ["a": "1"])
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a JSON patch holds only for the version it tests`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let made = try lab.store.create("configmaps", .configMap("m", ["a": "1"]))
            let version = try #require(made["metadata"]?["resourceVersion"]?.string)
            for (tested, exitCode) in [("999", 1 as Int32), (version, 0)] {
                let patch = """
                    [{"op":"test","path":"/metadata/resourceVersion","value":"\(tested)"},
                     {"op":"replace","path":"/data/a","value":"2"}]
                    """
                let run = try await lab.run(
                    kubectl, "patch", "cm", "m", "--type=json", "-p", patch)
                #expect(run.exitCode == exitCode)
                if exitCode == 1 { #expect(run.complaint.hasPrefix("The request is invalid")) }
            }
            let key = ObjectKey("configmaps", namespace: "default", name: "m")
            #expect(lab.store.get(key)?["data"]?["a"] == "2")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `merge and strategic patches do as they are called`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.deploy(namespace: "shop")
            let side = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\""
            let patches = [
                ("merge", "{\"spec\":{\"replicas\":3}}"),
                ("strategic", side + ",\"image\":\"side:1\"}]}}}}"),
                ("strategic", side + ",\"$patch\":\"delete\"}]}}}}"),
            ]
            var counts: [Int] = []
            for (type, patch) in patches {
                let run = try await lab.run(
                    kubectl, "patch", "-n", "shop", "deploy", "web", "--type=\(type)", "-p", patch)
                #expect(run.output == "deployment.apps/web patched\n")
                let web = lab.store.get(
                    ObjectKey("deployments.apps", namespace: "shop", name: "web"))
                let containers = web?["spec"]?["template"]?["spec"]?["containers"]?.array
                counts.append(containers?.count ?? 0)
                #expect(web?["spec"]?["replicas"] == 3)
            }
            #expect(counts == [1, 2, 1])
        }
    }

    @Test(arguments: Kubectl.installed)
    func `labels and annotations are set and removed`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let key = ObjectKey("namespaces", name: "default")
            _ = try await lab.run(kubectl, "label", "ns", "default", "istio.io/rev=1-15")
            #expect(lab.store.get(key)?["metadata"]?["labels"]?["istio.io/rev"] == "1-15")
            let refused = try await lab.run(kubectl, "label", "ns", "default", "istio.io/rev=2")
            #expect(refused.exitCode == 1)
            _ = try await lab.run(kubectl, "label", "ns", "default", "istio.io/rev-")
            #expect(lab.store.get(key)?["metadata"]?["labels"]?["istio.io/rev"] == nil)
            _ = try await lab.run(kubectl, "annotate", "ns", "default", "note=here")
            #expect(lab.store.get(key)?["metadata"]?["annotations"]?["note"] == "here")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a dry run on the server answers in full and stores nothing`(
        _ kubectl: Kubectl
    ) async throws {
        try await LabFixture.run { lab in
            lab.store.setAdmission { resource, object, _ in
                guard resource == "pods" else { return object }
                var admitted = object
                admitted[path: ["metadata", "annotations"]] = ["injected": "yes"]
                return admitted
            }
            let version = lab.store.resourceVersion
            let pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"probe"},
                 "spec":{"containers":[{"name":"probe","image":"pause:3.9"}]}}
                """
            let run = try await lab.run(
                kubectl, "create", "--dry-run=server", "-o", "json", "-f", "-", input: pod)
            #expect(run.exitCode == 0)
            #expect(
                try JSON(text: run.output)["metadata"]?["annotations"]?["injected"] == "yes")
            #expect(lab.store.resourceVersion == version)
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a refusing webhook is quoted`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            lab.store.setAdmission { _, _, _ throws(StatusError) in
                throw .internalError("failed calling webhook \"x\": no endpoints available")
            }
            let run = try await lab.run(kubectl, "run", "p", "--image=nginx")
            #expect(run.exitCode == 1)
            #expect(
                run.complaint
                    == "Error from server (InternalError): Internal error occurred: failed calling"
                    + " webhook \"x\": no endpoints available\n")
        }
    }

    @Test(arguments: Kubectl.installed)
    func `a write over another's is a conflict`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            try lab.store.create("configmaps", .configMap("m"))
            var old = try #require(
                lab.store.get(ObjectKey("configmaps", namespace: "default", name: "m")))
            old[path: ["metadata", "resourceVersion"]] = "1"
            let run = try await lab.run(
                kubectl, "replace", "-f", "-", input: old.description)
            #expect(run.exitCode == 1)
            #expect(
                run.complaint.contains(
                    "Operation cannot be fulfilled on configmaps \"m\": the object has been"
                        + " modified; please apply your changes to the latest version and try"
                        + " again"))
        }
    }

    @Test(arguments: Kubectl.installed)
    func `what breaks the rules is refused with every reason`(_ kubectl: Kubectl) async throws {
        try await LabFixture.run { lab in
            let named = try await lab.run(kubectl, "create", "ns", "Not_A_Name")
            #expect(named.complaint.contains("The Namespace \"Not_A_Name\" is invalid"))
            let mismatched = Self.manifest.replacing(
                "selector: {matchLabels: {app: web}}", with: "selector: {matchLabels: {app: x}}")
            let run = try await lab.run(kubectl, "create", "-f", "-", input: mismatched)
            #expect(
                run.complaint.contains("`selector` does not match template `labels`"))
            let again = try await lab.run(kubectl, "create", "ns", "default")
            #expect(
                again.complaint
                    == "Error from server (AlreadyExists): namespaces \"default\" already exists\n")
        }
    }
}

import FleetModel

@testable import Takeovers

extension World {
    func answer(_ reading: Reading) -> ReadResult {
        switch reading {
        case .path(let path, let target): answer(path, on: target)
        case .trial(let command) where command.argv.contains("secrets"):
            .found(listSecrets(command).json)
        case .trial(let command) where command.argv.contains("--raw"):
            .found(report(of: answer(command.argv.last ?? "", on: .cluster)).json)
        case .command(let command, _), .output(let command), .report(let command),
            .trial(let command):
            answer(command)
        }
    }

    /// The answer to a question that may well be refused.
    private func report(of result: ReadResult) -> ToolReport {
        guard case .found(let object) = result else {
            return ToolReport(exit: 1, stderr: "Error from server (NotFound)")
        }
        return ToolReport(exit: 0, stdout: object.description)
    }

    // MARK: Paths

    private func answer(_ path: String, on target: Target) -> ReadResult {
        if path == "/version" { return .found(["gitVersion": "v1.27.3"]) }
        if path == APIPath.openShift { return isOpenShift ? .found(["resources": []]) : .absent }
        if let discovery = discovery(path) { return .found(discovery) }
        let parts = path.split(separator: "?", maxSplits: 1)
        let steps = parts[0].split(separator: "/").map(String.init)
        let isCore = steps.first == "api"
        let group = isCore ? "" : steps.count > 1 ? steps[1] : ""
        let version = steps.dropFirst().prefix(2).joined(separator: "/")
        var rest = steps.dropFirst(isCore ? 2 : 3)
        var namespace: String?
        if rest.first == "namespaces", rest.count > 2 {
            namespace = rest.dropFirst().first
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.first, let kind = kinds[plural], kind.group == group,
            !unknownKinds.contains(kind.name), isCore || !unknownVersions.contains(version)
        else { return .absent }
        let objects = objects(kind.name, on: target).filter {
            namespace == nil || $0.namespace == namespace
        }
        if let name = rest.dropFirst().first {
            return objects.first { $0.name == name }.map { .found($0) } ?? .absent
        }
        return .found(list(objects, matching: parts.count > 1 ? String(parts[1]) : ""))
    }

    /// What the API server says of its groups, and of the kinds in one.
    private func discovery(_ path: String) -> JSON? {
        let groups = Set(kinds.values.map(\.group)).filter {
            !$0.isEmpty && !$0.hasSuffix("openshift.io")
        }.sorted()
        if path == "/apis" {
            let list = groups.map { group -> JSON in
                let versions = ["v1"] + Set(onlyVersions(of: group)).sorted()
                let served = versions.map { JSON.string("\(group)/\($0)") }
                return [
                    "preferredVersion": ["groupVersion": served[0]],
                    "versions": .array(served.map { ["groupVersion": $0] }),
                ]
            }
            return ["groups": .array(list)]
        }
        let steps = path.split(separator: "/").map(String.init)
        let isCore = path == "/api/v1"
        let group = isCore ? "" : groups.first { steps.count == 3 && $0 == steps[1] }
        let version = steps.last ?? ""
        guard let group, version == "v1" || onlyVersions(of: group).contains(version) else {
            return nil
        }
        let resources = kinds.filter { plural, kind in
            kind.group == group && (onlyVersion[plural] ?? version) == version
        }.sorted { $0.key < $1.key }
        return [
            "resources": .array(
                resources.map { plural, kind in
                    let isNamespaced = !clusterWide.contains(kind.name)
                    return [
                        "name": .string(plural), "kind": .string(kind.name),
                        "namespaced": .bool(isNamespaced), "verbs": ["get", "list"],
                    ]
                })
        ]
    }

    private func onlyVersions(of group: String) -> [String] {
        onlyVersion.filter { kinds[$0.key]?.group == group }.map(\.value)
    }

    /// Items of a raw list do not carry their kind.
    private func list(_ objects: [JSON], matching query: String) -> JSON {
        let selector = query.split(separator: "&").first { $0.hasPrefix("labelSelector=") }
        let wanted = selector?.dropFirst("labelSelector=".count)
            .replacing("%2F", with: "/").replacing("%3D", with: "=")
            .split(separator: "=").map(String.init)
        let items = objects.filter { object in
            guard let wanted, wanted.count == 2 else { return true }
            return object.labels[wanted[0]] == wanted[1]
        }
        let bare = items.map { item in
            var item = item
            item["kind"] = nil
            item["apiVersion"] = nil
            return item
        }
        return ["kind": "List", "metadata": ["resourceVersion": "1"], "items": .array(bare)]
    }

    private func objects(_ kind: String, on target: Target) -> [JSON] {
        if kind == "EndpointSlice" { return slices }
        return (target == .cluster ? cluster : management).filter { $0["kind"]?.string == kind }
    }

    /// What the endpoint controller would make of the Services and pods.
    private var slices: [JSON] {
        let pods = cluster.filter { $0["kind"]?.string == "Pod" }
        return cluster.filter { $0["kind"]?.string == "Service" }.map { service in
            let selector = service.spec["selector"]?.strings ?? [:]
            let selected = pods.filter { pod in
                pod.namespace == service.namespace && !selector.isEmpty
                    && Selector(matchLabels: selector).matches(pod.labels)
            }
            return [
                "kind": "EndpointSlice",
                "metadata": [
                    "name": .string("\(service.name)-x"), "namespace": .string(service.namespace),
                    "labels": ["kubernetes.io/service-name": .string(service.name)],
                ],
                "endpoints": .array(selected.map(endpoint)),
            ]
        }
    }

    private func endpoint(_ pod: JSON) -> JSON {
        [
            "conditions": ["ready": .bool(Pod(pod).isReady && !pod.isTerminating)],
            "targetRef": ["kind": "Pod", "name": .string(pod.name)],
        ]
    }

    // MARK: Commands

    /// What an istiod says of its proxies.
    private func synchronisation(_ argv: [String]) -> ToolReport {
        let name = argv.firstIndex(of: "exec").map { argv[$0 + 1] } ?? ""
        if let words = entryFailures[name] { return ToolReport(exit: 1, stderr: words) }
        let words =
            #"Error from server (Forbidden): pods "\#(name)" is forbidden: User "me" cannot "#
            + #"create resource "pods/exec" in API group "" in the namespace "istio-system""#
        return (answers[name] ?? connected).map { ToolReport(exit: 0, stdout: $0) }
            ?? ToolReport(exit: 1, stderr: words)
    }

    private func listSecrets(_ command: Command) -> ToolReport {
        if forbidden.contains("list secrets") {
            let words = #"Error from server (Forbidden): secrets is forbidden: User "me" cannot"#
            return ToolReport(exit: 1, stderr: words)
        }
        if let secretsFailure { return ToolReport(exit: 1, stderr: secretsFailure) }
        guard case .found(let names) = answer(command) else { return ToolReport(exit: 1) }
        return ToolReport(exit: 0, stdout: names.string ?? "")
    }

    private func answer(_ command: Command) -> ReadResult {
        if command.argv[0] == "helm" { return askHelm(command.argv) }
        if command.argv[0] == "dig" {
            let words = command.argv.suffix(3).joined(separator: " ")
            return names[words].map { .found(.string($0)) } ?? .refused("no answer")
        }
        if command.argv.contains("/debug/syncz") {
            return .found(synchronisation(command.argv).json)
        }
        if command.argv.contains("secrets") {
            return .found(.string(secrets.map { "\($0)   Opaque   2   3d\n" }.joined()))
        }
        if command.argv.contains("probe"), let url = command.argv.last {
            return .found(.string(probed[url] ?? String(repeating: "200\n", count: 5)))
        }
        if command.argv[0] == "istioctl" { return askIstioctl(command.argv) }
        guard let input = command.stdin.flatMap({ JSON(parsing: $0) }) else { return .absent }
        if input["kind"] == "List", command.argv.contains("--dry-run=server") {
            return .found(made(input.items("items")).json)
        }
        if input["kind"] == "List" { return told(input.items("items")) }
        guard command.argv.contains("--dry-run=server"),
            let option = command.argv.firstIndex(of: "-n")
        else { return .absent }
        return inject(input, in: command.argv[option + 1])
    }

    /// Pods as they would be made: those that are let in on stdout, in kubectl's form, and words
    /// about the others on stderr.
    private func made(_ pods: [JSON]) -> ToolReport {
        var (documents, complaints) = ([String](), [String]())
        for pod in pods {
            switch inject(pod, in: pod.namespace) {
            case .found(let made):
                documents.append("{\n" + made.description.dropFirst().dropLast() + "\n}\n")
            case .refused(let words): complaints.append("Error from server: \(words)\n")
            case .absent: complaints.append("Error from server (NotFound)\n")
            }
        }
        return ToolReport(
            exit: complaints.isEmpty ? 0 : 1, stdout: documents.joined(),
            stderr: complaints.joined())
    }

    /// Whether we may do some things, where we may ask; one below the other, as kubectl shows it.
    private func told(_ reviews: [JSON]) -> ReadResult {
        guard !isSilent else {
            return .found(ToolReport(exit: 1, stderr: "Error from server (Forbidden)").json)
        }
        let documents = reviews.map { review in
            let asked = review.spec["resourceAttributes"] ?? .null
            let words = ["verb", "resource", "subresource"].compactMap { asked[$0]?.string }
            let right = words[0] + " " + words.dropFirst().joined(separator: "/")
            var answer = review
            answer["status"] = ["allowed": .bool(!forbidden.contains(right))]
            return "{\n" + answer.description.dropFirst().dropLast() + "\n}\n"
        }
        return .found(ToolReport(exit: 0, stdout: documents.joined()).json)
    }

    /// A pod as the webhooks would let it in.
    func inject(_ pod: JSON, in namespace: String) -> ReadResult {
        if let denial = denials[namespace], let words = denial(pod) { return .refused(words) }
        let labels = object("Namespace", namespace)?.labels ?? [:]
        let injection = Injection(
            configurations: cluster.filter { $0["kind"] == "MutatingWebhookConfiguration" })
        var result = ReadResult.found(pod)
        for injector in injection.called(namespaceLabels: labels, podLabels: pod.labels) {
            let service = injector.webhooks.first?.service.name ?? ""
            guard let istiod = object("Deployment", service, in: "istio-system") else {
                return .refused(
                    #"failed calling webhook "namespace.sidecar-injector.istio.io": "#
                        + "no endpoints available for \(service)")
            }
            result = .found(sidecar(in: pod, of: injector.revision, tag: tag(of: istiod)))
        }
        return result
    }

    /// The end of its image, `:1.25.2` or `@sha256:…`, which its proxies have as well.
    private func tag(of istiod: JSON) -> String {
        let container = istiod.template["spec"]?.items("containers").first
        let image = container?["image"]?.string ?? ""
        if let digest = image.firstIndex(of: "@") { return String(image[digest...]) }
        return ":\(ControlPlane(istiod)?.version ?? "")"
    }

    private func sidecar(in pod: JSON, of revision: Revision, tag: String) -> JSON {
        var pod = pod
        let status: JSON = ["revision": .string(revision.rawValue)]
        pod[path: ["metadata", "annotations", "sidecar.istio.io/status"]] = .string(
            status.description)
        let proxy: JSON = [
            "name": "istio-proxy", "image": .string("example/proxyv2\(tag)"),
            "args": ["proxy", "sidecar"],
        ]
        pod[path: ["spec", "containers"]] = .array(pod.spec.items("containers") + [proxy])
        return pod
    }
}

/// Kinds by their plural, with their API group.
private let clusterWide: Set = [
    "Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding",
    "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "Istio", "IstioRevision",
    "IstioRevisionTag", "SecurityContextConstraints",
]

/// What is served in one version alone, which is not the preferred one.
private let onlyVersion = ["envoyfilters": "v1alpha3", "proxyconfigs": "v1beta1"]

private let kinds: [String: (name: String, group: String)] = [
    "pods": ("Pod", ""), "namespaces": ("Namespace", ""), "services": ("Service", ""),
    "events": ("Event", ""), "configmaps": ("ConfigMap", ""),
    "serviceaccounts": ("ServiceAccount", ""),
    "deployments": ("Deployment", "apps"), "replicasets": ("ReplicaSet", "apps"),
    "workloadgroups": ("WorkloadGroup", "networking.istio.io"),
    "workloadentries": ("WorkloadEntry", "networking.istio.io"),
    "replicationcontrollers": ("ReplicationController", ""),
    "controllerrevisions": ("ControllerRevision", "apps"),
    "statefulsets": ("StatefulSet", "apps"), "daemonsets": ("DaemonSet", "apps"),
    "jobs": ("Job", "batch"), "cronjobs": ("CronJob", "batch"),
    "leases": ("Lease", "coordination.k8s.io"),
    "endpointslices": ("EndpointSlice", "discovery.k8s.io"),
    "mutatingwebhookconfigurations": (
        "MutatingWebhookConfiguration", "admissionregistration.k8s.io"
    ),
    "validatingwebhookconfigurations": (
        "ValidatingWebhookConfiguration", "admissionregistration.k8s.io"
    ),
    "horizontalpodautoscalers": ("HorizontalPodAutoscaler", "autoscaling"),
    "poddisruptionbudgets": ("PodDisruptionBudget", "policy"),
    "roles": ("Role", "rbac.authorization.k8s.io"),
    "rolebindings": ("RoleBinding", "rbac.authorization.k8s.io"),
    "clusterroles": ("ClusterRole", "rbac.authorization.k8s.io"),
    "clusterrolebindings": ("ClusterRoleBinding", "rbac.authorization.k8s.io"),
    "customresourcedefinitions": ("CustomResourceDefinition", "apiextensions.k8s.io"),
    "istiooperators": ("IstioOperator", "install.istio.io"),
    "istiolifecyclemanagers": ("IstioLifecycleManager", "admin.gloo.solo.io"),
    "gatewaylifecyclemanagers": ("GatewayLifecycleManager", "admin.gloo.solo.io"),
    "kubernetesclusters": ("KubernetesCluster", "admin.gloo.solo.io"),
    "roottrustpolicies": ("RootTrustPolicy", "admin.gloo.solo.io"),
    "authorizationpolicies": ("AuthorizationPolicy", "security.istio.io"),
    "networkpolicies": ("NetworkPolicy", "networking.k8s.io"),
    "helmreleases": ("HelmRelease", "helm.toolkit.fluxcd.io"),
    "kustomizations": ("Kustomization", "kustomize.toolkit.fluxcd.io"),
    "helmrepositories": ("HelmRepository", "source.toolkit.fluxcd.io"),
    "ocirepositories": ("OCIRepository", "source.toolkit.fluxcd.io"),
    "helmcharts": ("HelmChart", "source.toolkit.fluxcd.io"),
    "gitrepositories": ("GitRepository", "source.toolkit.fluxcd.io"),
    "virtualservices": ("VirtualService", "networking.istio.io"),
    "gateways": ("Gateway", "networking.istio.io"),
    "envoyfilters": ("EnvoyFilter", "networking.istio.io"),
    "proxyconfigs": ("ProxyConfig", "networking.istio.io"),
    "peerauthentications": ("PeerAuthentication", "security.istio.io"),
    "rollouts": ("Rollout", "argoproj.io"),
    "deploymentconfigs": ("DeploymentConfig", "apps.openshift.io"),
    "securitycontextconstraints": ("SecurityContextConstraints", "security.openshift.io"),
    "istios": ("Istio", "sailoperator.io"),
    "istiorevisions": ("IstioRevision", "sailoperator.io"),
    "istiorevisiontags": ("IstioRevisionTag", "sailoperator.io"),
]

/// Kinds by everything kubectl takes for them.
func kindName(_ resource: String) -> String? {
    let plural = String(resource.split(separator: ".").first ?? "")
    return (kinds[plural] ?? kinds["\(plural)s"])?.name
}

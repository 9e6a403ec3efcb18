import FleetModel

/// What istiod answers when the API server shows it a new pod.
///
/// As Istio's `pkg/kube/inject`: it declines by itself what the selectors of
/// the webhooks let through, and takes a former injection out before it puts
/// in its own.
struct SidecarInjector: Sendable {
    let istiod: RunningIstiod

    private static let status = "sidecar.istio.io/status"
    private static let switchKey = "sidecar.istio.io/inject"
    private static let ignored: Set<String> = [
        "kube-system", "kube-public", "kube-node-lease", "local-path-storage",
    ]
    private static let volumes = [
        "workload-socket", "credential-socket", "workload-certs", "istio-envoy", "istio-data",
        "istio-podinfo", "istio-token", "istiod-ca-cert",
    ]

    /// The pod as it goes into that namespace: with this istiod's proxy, or untouched.
    func inject(_ pod: JSON, in space: String) -> JSON {
        guard wants(pod, in: space) else { return pod }
        var pod = Self.stripped(pod)
        let isGateway = pod.annotations["inject.istio.io/templates"] == "gateway"
        isGateway ? addRouter(to: &pod, in: space) : addSidecar(to: &pod, in: space)
        mark(&pod, isGateway: isGateway)
        return pod
    }

    private func wants(_ pod: JSON, in space: String) -> Bool {
        guard pod[path: ["spec", "hostNetwork"]]?.bool != true, !Self.ignored.contains(space) else {
            return false
        }
        // A label beats the annotation; without either, the policy says yes.
        let wish = pod.labels[Self.switchKey] ?? pod.annotations[Self.switchKey]
        return wish != "false"
    }

    // MARK: - Taking out

    private static func stripped(_ pod: JSON) -> JSON {
        guard let text = pod.annotations[status],
            let former = JSON(parsing: text)
        else { return pod }
        var pod = pod
        for list in ["containers", "initContainers", "volumes"] {
            let gone = Set(former[list]?.array?.compactMap(\.string) ?? [])
            let kept = (pod["spec"]?[list]?.array ?? []).filter {
                !gone.contains($0["name"]?.string ?? "")
            }
            pod[path: ["spec", list]] = kept.isEmpty && list != "containers" ? nil : .array(kept)
        }
        pod[path: ["metadata", "annotations", status]] = nil
        pod[path: ["metadata", "annotations", "istio.io/rev"]] = nil
        return pod
    }

    // MARK: - Putting in

    private func addSidecar(to pod: inout JSON, in space: String) {
        let proxy = self.proxy(of: pod, in: space)
        let containers = pod["spec"]?["containers"]?.array ?? []
        let initializers = pod["spec"]?["initContainers"]?.array ?? []
        let sidecar = completed(proxy.sidecar)
        guard !istiod.revision.isNative else {
            pod[path: ["spec", "initContainers"]] = .array(
                [proxy.initializer, sidecar] + initializers)
            return
        }
        pod[path: ["spec", "initContainers"]] = .array(initializers + [proxy.initializer])
        pod[path: ["spec", "containers"]] = .array(
            istiod.revision.holdsApplication ? [sidecar] + containers : containers + [sidecar])
    }

    /// A gateway of Istio's Helm chart has a container of its own with the image `auto`.
    private func addRouter(to pod: inout JSON, in space: String) {
        let others = (pod["spec"]?["containers"]?.array ?? []).filter {
            $0["name"]?.string != IstioProxy.container
        }
        pod[path: ["spec", "containers"]] = .array([proxy(of: pod, in: space).router] + others)
    }

    private func completed(_ sidecar: JSON) -> JSON {
        var sidecar = sidecar
        if istiod.revision.isNative {
            sidecar["restartPolicy"] = "Always"
        } else if istiod.revision.holdsApplication {
            sidecar["lifecycle"] = [
                "postStart": ["exec": ["command": ["pilot-agent", "wait"]]]
            ]
        }
        return sidecar
    }

    private func proxy(of pod: JSON, in space: String) -> IstioProxy {
        guard let owner = pod.controllerReference, let kind = owner["kind"]?.string else {
            let path = "apis/v1/namespaces/\(space)/pods/\(pod.name)"
            return IstioProxy(revision: istiod.revision, workload: pod.name, owner: path)
        }
        var name = owner["name"]?.string ?? ""
        var plural = kind.lowercased() + "s"
        if kind == "ReplicaSet", let hash = pod.labels["pod-template-hash"],
            name.hasSuffix("-" + hash)
        {
            name = String(name.dropLast(hash.count + 1))
            plural = "deployments"
        }
        let version = owner["apiVersion"]?.string ?? "v1"
        return IstioProxy(
            revision: istiod.revision, workload: name,
            owner: "apis/\(version)/namespaces/\(space)/\(plural)/\(name)")
    }

    // MARK: - Telling so

    private func mark(_ pod: inout JSON, isGateway: Bool) {
        var annotations = pod.annotations
        annotations[Self.status] = report(isGateway: isGateway).description
        if istiod.annotatesRevision { annotations["istio.io/rev"] = istiod.revision.name }
        if let first = application(in: pod) {
            annotations["kubectl.kubernetes.io/default-container"] = first
            annotations["kubectl.kubernetes.io/default-logs-container"] = first
        }
        annotations["prometheus.io/path"] = "/stats/prometheus"
        annotations["prometheus.io/port"] = "15020"
        annotations["prometheus.io/scrape"] = "true"
        pod[path: ["metadata", "annotations"]] = JSON(annotations)
        pod[path: ["metadata", "labels"]] = JSON(labels(of: pod))
        let volumes = (pod["spec"]?["volumes"]?.array ?? []) + Self.volumes.map(Self.volume)
        pod[path: ["spec", "volumes"]] = .array(volumes)
    }

    private func report(isGateway: Bool) -> JSON {
        let proxy: JSON = .array([.string(IstioProxy.container)])
        let isNative = istiod.revision.isNative && !isGateway
        let first: JSON = isNative ? ["istio-init", "istio-proxy"] : ["istio-init"]
        return [
            "initContainers": isGateway ? .null : first,
            "containers": isNative ? .null : proxy,
            "volumes": .array(Self.volumes.map(JSON.string)), "imagePullSecrets": .null,
            "revision": .string(istiod.revision.name),
        ]
    }

    private func labels(of pod: JSON) -> [String: String] {
        var labels = pod.labels
        let app = labels["app"] ?? labels["app.kubernetes.io/name"]
        labels["security.istio.io/tlsMode"] = "istio"
        labels["service.istio.io/canonical-name"] =
            labels["service.istio.io/canonical-name"] ?? app ?? pod.name
        labels["service.istio.io/canonical-revision"] =
            labels["service.istio.io/canonical-revision"] ?? labels["version"] ?? "latest"
        return labels
    }

    private func application(in pod: JSON) -> String? {
        (pod["spec"]?["containers"]?.array ?? []).compactMap { $0["name"]?.string }
            .first { $0 != IstioProxy.container }
    }

    private static func volume(_ name: String) -> JSON {
        switch name {
        case "istiod-ca-cert": ["name": .string(name), "configMap": ["name": "istio-ca-root-cert"]]
        default: ["name": .string(name), "emptyDir": [:]]
        }
    }
}

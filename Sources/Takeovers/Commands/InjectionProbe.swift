import FleetModel

/// Asks the API server which control plane would inject a new pod, without
/// making one: a server-side dry-run goes through the webhooks (since 1.14).
struct InjectionProbe: Hashable, Sendable {
    let namespace: String
    var labels: [String: String] = [:]
    var annotations: [String: String] = [:]
    /// The template of a workload that runs there, whose pods the cluster's policies let in.
    var template: JSON?

    /// What the injectors would do.
    enum Answer: Hashable, Sendable {
        case injected(Proxy)
        case notInjected
        /// The server would not take the pod: a webhook failed, or a policy said no.
        case refused(String)
    }

    func reading(_ kubectl: Kubectl) -> Reading {
        .command(command(kubectl), on: .cluster)
    }

    /// Not validated by kubectl: it would fetch and read megabytes of schema for a
    /// pod that we know is right, and the server validates it all the same.
    func command(_ kubectl: Kubectl) -> Command {
        kubectl.ask(
            ["-n", namespace, "create"] + Self.options,
            stdin: pod.description, purpose: "see which injector would act in \(namespace)")
    }

    static let options = ["--dry-run=server", "--validate=false", "-o", "json", "-f", "-"]

    /// The pod that asks, which says itself where it belongs.
    var placed: JSON {
        var pod = pod
        pod[path: ["metadata", "namespace"]] = .string(namespace)
        return pod
    }

    /// What came of the probe. A missing answer is none: the namespace may just be going.
    static func answer(_ result: ReadResult) -> Answer {
        switch result {
        case .found(let pod): Proxy(of: pod).map(Answer.injected) ?? .notInjected
        case .absent: .refused(Answer.noNamespace)
        case .refused(let words): .refused(words)
        }
    }

    /// The same probe by a pod of a workload's template.
    func copying(_ template: JSON) -> InjectionProbe {
        var probe = self
        probe.template = template
        return probe
    }

    private var pod: JSON { template.map(pod(of:)) ?? fixedPod }

    /// As a controller would make it, but for where it belongs and runs.
    private func pod(of template: JSON) -> JSON {
        let labels = template.labels.merging(labels) { $1 }
        var metadata: JSON = ["name": "istio-revision-probe"]
        if !labels.isEmpty { metadata["labels"] = JSON(labels) }
        if !template.annotations.isEmpty { metadata["annotations"] = JSON(template.annotations) }
        var spec = template["spec"] ?? [:]
        spec["nodeName"] = nil
        return ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec]
    }

    /// What the Pod Security Standard "restricted" asks for, so that it is let in nearly
    /// everywhere. It names no user: OpenShift gives every namespace its own.
    private var fixedPod: JSON {
        let labels = labels.merging(["app": "istio-revision-probe"]) { own, _ in own }
        var metadata: JSON = ["name": "istio-revision-probe", "labels": JSON(labels)]
        if !annotations.isEmpty { metadata["annotations"] = JSON(annotations) }
        let container: JSON = [
            "name": "probe", "image": "registry.k8s.io/pause:3.9",
            "securityContext": [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
            ],
        ]
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": [
                "restartPolicy": "Never", "automountServiceAccountToken": false,
                "containers": [container],
                "securityContext": [
                    "runAsNonRoot": true, "seccompProfile": ["type": "RuntimeDefault"],
                ],
            ],
        ]
    }
}

extension InjectionProbe.Answer {
    /// The proxy that the pod would start with.
    var proxy: Proxy? {
        if case .injected(let proxy) = self { proxy } else { nil }
    }

    /// In the words of who let the pod not in; `nil` when it came in.
    var refusal: String? {
        if case .refused(let words) = self { words } else { nil }
    }

    var isRefusal: Bool { refusal != nil }

    /// Whether it was Istio's own webhook that said no, or that nobody answered for.
    var isInjectorsRefusal: Bool {
        refusal?.contains("sidecar-injector.istio.io") ?? false
    }

    /// Whether a policy said no to this very pod, and may let another one in.
    ///
    /// Policy engines word their refusals as they like. A webhook that nobody answered for, or
    /// that is Istio's own, refuses every pod.
    var isPolicyRefusal: Bool {
        guard let words = refusal else { return false }
        return !isInjectorsRefusal && !words.contains("failed calling webhook")
            && words != Self.noNamespace
    }

    fileprivate static let noNamespace = "the namespace does not exist"

    /// The revision that would inject.
    var revision: Revision? { proxy?.revision }

    /// The answer as the end of a sentence that begins with the namespace.
    var description: String {
        switch self {
        case .injected(let proxy): "would be injected by \(proxy.label)"
        case .notInjected: "would not be injected"
        case .refused(let words) where isPolicyRefusal: "is refused by a policy: \(words)"
        case .refused(let words): "cannot take new pods: \(words)"
        }
    }
}

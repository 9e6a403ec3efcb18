import FleetModel

/// Asks the API server which control plane would inject a new pod, without
/// making one: a server-side dry-run goes through the webhooks (since 1.14).
struct InjectionProbe: Hashable, Sendable {
    let namespace: String
    var labels: [String: String] = [:]
    var annotations: [String: String] = [:]

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
            [
                "-n", namespace, "create", "--dry-run=server", "--validate=false", "-o", "json",
                "-f", "-",
            ],
            stdin: pod.description, purpose: "see which injector would act in \(namespace)")
    }

    /// What came of the probe. A missing answer is none: the namespace may just be going.
    static func answer(_ result: ReadResult) -> Answer {
        switch result {
        case .found(let pod): Proxy(of: pod).map(Answer.injected) ?? .notInjected
        case .absent: .refused("the namespace does not exist")
        case .refused(let words): .refused(words)
        }
    }

    private var pod: JSON {
        let labels = labels.merging(["app": "istio-revision-probe"]) { own, _ in own }
        var metadata: JSON = ["name": "istio-revision-probe", "labels": JSON(labels)]
        if !annotations.isEmpty { metadata["annotations"] = JSON(annotations) }
        let container: JSON = ["name": "probe", "image": "registry.k8s.io/pause:3.9"]
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
            "spec": [
                "restartPolicy": "Never", "automountServiceAccountToken": false,
                "containers": [container],
            ],
        ]
    }
}

extension InjectionProbe.Answer {
    /// The proxy that the pod would start with.
    var proxy: Proxy? {
        if case .injected(let proxy) = self { proxy } else { nil }
    }

    var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }

    /// The revision that would inject.
    var revision: Revision? { proxy?.revision }

    /// The answer as the end of a sentence that begins with the namespace.
    var description: String {
        switch self {
        case .injected(let proxy): "would be injected by \(proxy.label)"
        case .notInjected: "would not be injected"
        case .refused(let words): "cannot take new pods: \(words)"
        }
    }
}

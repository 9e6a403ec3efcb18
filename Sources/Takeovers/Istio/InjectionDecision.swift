import FleetModel

/// What would happen to a new pod, and why.
enum InjectionDecision: Hashable, Sendable {
    /// The sidecar of this configuration's revision.
    case injected(by: InjectorConfiguration)
    /// An injector is called and leaves the pod alone.
    case declined(Refusal)
    /// No injector is called.
    case unselected(Reason)

    /// Why an injector that is called does nothing (Istio, `injectRequired`).
    enum Refusal: String, Hashable, Sendable {
        case hostNetwork
        /// One of Kubernetes' own namespaces.
        case systemNamespace
        /// The pod says so, by `sidecar.istio.io/inject`.
        case annotation
    }

    enum Reason: Hashable, Sendable {
        /// Nothing asks for a sidecar.
        case notAsked
        /// The namespace or the pod says no.
        case refused
        /// A revision or tag is asked for that nobody answers to. The pod starts without
        /// a sidecar, and nobody is told.
        case nobodyAnswers(to: String)
        /// Traffic goes through ztunnel; there is no sidecar.
        case ambient
    }
}

extension Injection {
    /// What a pod made in a namespace would get.
    ///
    /// It goes by labels, annotations and selectors alone. Policies in an injector's
    /// ConfigMap may decide otherwise: the probe tells.
    func decision(
        namespace: String, labels: [String: String], pod: PodWishes = PodWishes()
    ) -> InjectionDecision {
        guard let acting = acting(namespaceLabels: labels, podLabels: pod.labels) else {
            return .unselected(reason(labels, pod))
        }
        if let refusal = pod.refusal(in: namespace) { return .declined(refusal) }
        return .injected(by: acting)
    }

    private func reason(_ labels: [String: String], _ pod: PodWishes) -> InjectionDecision.Reason {
        let mode = "istio.io/dataplane-mode"
        if (pod.labels[mode] ?? labels[mode]) == "ambient" { return .ambient }
        if labels[IstioLabel.injection] == "disabled" || pod.labels[injectLabel] == "false" {
            return .refused
        }
        if let wanted = labels[IstioLabel.revision] ?? pod.labels[IstioLabel.revision] {
            return .nobodyAnswers(to: wanted)
        }
        let asks = labels[IstioLabel.injection] == "enabled" || pod.labels[injectLabel] == "true"
        return asks ? .nobodyAnswers(to: Revision.unnamed.rawValue) : .notAsked
    }
}

/// What of a pod, or of a template, decides whether it gets a sidecar.
struct PodWishes: Hashable, Sendable {
    var labels: [String: String] = [:]
    var annotations: [String: String] = [:]
    var isHostNetwork = false

    init(
        labels: [String: String] = [:], annotations: [String: String] = [:],
        isHostNetwork: Bool = false
    ) {
        (self.labels, self.annotations) = (labels, annotations)
        self.isHostNetwork = isHostNetwork
    }

    /// Reads a pod, or a workload's template.
    init(of pod: JSON) {
        self.init(
            labels: pod.labels, annotations: pod.annotations,
            isHostNetwork: pod.spec["hostNetwork"]?.bool ?? false)
    }

    /// Whether an injector that is called for the pod leaves it alone for what it says itself.
    var declinesSidecar: Bool { isHostNetwork || isRefused }

    /// A label is stronger than the annotation of the same name.
    private var isRefused: Bool {
        let wish = labels[injectLabel] ?? annotations[injectLabel] ?? ""
        return !wish.isEmpty && !consents.contains(wish.lowercased())
    }

    fileprivate func refusal(in namespace: String) -> InjectionDecision.Refusal? {
        if isHostNetwork { return .hostNetwork }
        if systemNamespaces.contains(namespace) { return .systemNamespace }
        return isRefused ? .annotation : nil
    }
}

private let injectLabel = "sidecar.istio.io/inject"

/// What YAML takes for true. To an injector any other word is a no (Istio, `injectRequired`).
private let consents: Set<String> = ["true", "yes", "y", "on"]

/// Namespaces that no injector touches (Istio, `IgnoredNamespaces`).
private let systemNamespaces: Set<String> = [
    "kube-system", "kube-public", "kube-node-lease", "local-path-storage",
]

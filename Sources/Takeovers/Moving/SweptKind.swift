import FleetModel

/// A kind of object that belongs to a control plane.
struct SweptKind: Hashable, Sendable {
    let resource: String
    /// Where it is served, newest first: a server that lacks the first may have the second.
    private let groups: [String]
    let namespace: String?
    private var sign = Sign.part

    /// By what an object shows that it is the control plane's, besides its revision.
    private enum Sign {
        /// The labels of its parts.
        case part
        /// Likewise, and a name as charts make it: people copy those filters, labels and all, and
        /// write their own into them.
        case telemetry
        /// What istioctl up to 1.23 noted of an installation: no label tells its revision, and
        /// no operator acts on it.
        case record
    }

    /// In the order they go: callers before what they call.
    static let all: [SweptKind] = [
        SweptKind(
            "mutatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind(
            "validatingwebhookconfigurations", "admissionregistration.k8s.io/v1", namespace: nil),
        SweptKind("horizontalpodautoscalers", "autoscaling/v1"),
        SweptKind("poddisruptionbudgets", "policy/v1", "policy/v1beta1"),
        SweptKind("deployments", "apps/v1"),
        SweptKind("services", ""),
        SweptKind(
            "envoyfilters.networking.istio.io", "networking.istio.io/v1alpha3", sign: .telemetry),
        SweptKind("configmaps", ""),
        SweptKind("rolebindings", "rbac.authorization.k8s.io/v1"),
        SweptKind("roles", "rbac.authorization.k8s.io/v1"),
        SweptKind("serviceaccounts", ""),
        SweptKind("clusterrolebindings", "rbac.authorization.k8s.io/v1", namespace: nil),
        SweptKind("clusterroles", "rbac.authorization.k8s.io/v1", namespace: nil),
        SweptKind(
            "istiooperators.install.istio.io", "install.istio.io/v1alpha1", sign: .record),
    ]

    private init(
        _ resource: String, _ groups: String..., namespace: String? = "istio-system",
        sign: Sign = .part
    ) {
        self.resource = resource
        self.groups = groups
        self.namespace = namespace
        self.sign = sign
    }

    /// The lists to look for it in, in the order to try them.
    func paths(_ revision: Revision) -> [String] {
        let scope = namespace.map { "/namespaces/\($0)" } ?? ""
        let plural = resource.prefix { $0 != "." }
        return groups.map { group in
            let base = (group.isEmpty ? "/api/v1" : "/apis/\(group)") + "\(scope)/\(plural)"
            return sign == .record
                ? APIPath.list(base) : APIPath.list(base, labels: "istio.io/rev=\(revision)")
        }
    }

    /// Whether an object of the kind belongs to a revision's control plane.
    func holds(_ object: JSON, of revision: Revision) -> Bool {
        switch sign {
        case .part: object.isPart(of: revision)
        case .telemetry: object.isPart(of: revision) && object.isTelemetryFilter(of: revision)
        case .record: object.isRecord(of: revision)
        }
    }
}

extension JSON {
    fileprivate func isPart(of revision: Revision) -> Bool {
        guard labels[IstioLabel.revision] == revision.rawValue,
            labels["istio.io/tag"] == nil, !ValidatorConfiguration.isDefault(self)
        else { return false }
        let component = labels["operator.istio.io/component"]
        let app = labels["app"] ?? ""
        return ["Pilot", "IstiodRemote"].contains(component ?? "")
            || ([nil, "Base"].contains(component) && ["istiod", "sidecar-injector"].contains(app))
    }

    /// Whether its name is that of a chart: `stats-filter-1.14`, `tcp-stats-filter-1.14-1-14`. They
    /// come for several minor versions of proxies each (Istio, `telemetryv2_1.14.yaml`).
    fileprivate func isTelemetryFilter(of revision: Revision) -> Bool {
        let end = revision == .unnamed ? "" : "-\(revision)"
        guard name.hasSuffix(end) else { return false }
        let parts = name.dropLast(end.count).split(separator: "-")
        let minor = parts.last?.split(separator: ".") ?? []
        return ["filter", "exchange"].contains(parts.dropLast().last) && minor.count == 2
            && minor[0] == "1"
            && minor[1].allSatisfy(\.isNumber)
    }

    /// One that has a finalizer would stay for ever: nobody acts on it.
    fileprivate func isRecord(of revision: Revision) -> Bool {
        let resource = IstioOperatorResource(self)
        return name.hasPrefix("installed-state") && resource.isControlPlane
            && annotations["install.istio.io/ignoreReconcile"] == "true"
            && resource.revision == revision && metadata.items("finalizers").isEmpty
    }
}

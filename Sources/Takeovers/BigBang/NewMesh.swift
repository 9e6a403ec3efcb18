import FleetModel

/// The new control plane, as Helm has made it.
///
/// A release that says `Ready` proves little: a late prune by the old operator takes away
/// what Helm had adopted, and Flux does not look for drift.
struct NewMesh: Sendable {
    let bigBang: BigBangSituation

    init(_ bigBang: BigBangSituation) { self.bigBang = bigBang }

    private static let access = "/apis/rbac.authorization.k8s.io/v1"
    private static let space = BigBangPackages.istioNamespace

    /// Everything that has to be there, by path.
    static let objects: [(words: String, path: String)] =
        [
            ("Deployment istiod", Move.deploymentPath("istiod", in: space)),
            ("Service istiod", Move.servicePath("istiod", in: space)),
            (
                "ServiceAccount istiod", "/api/v1/namespaces/\(space)/serviceaccounts/istiod"
            ),
        ]
        + ["istiod-clusterrole", "istiod-gateway-controller"].flatMap { stem in
            ["ClusterRole", "ClusterRoleBinding"].map { kind in
                (
                    "\(kind) \(stem)-\(space)",
                    "\(access)/\(kind.lowercased())s/\(stem)-\(space)"
                )
            }
        }
        + ["Role", "RoleBinding"].map { kind in
            ("\(kind) istiod", "\(access)/namespaces/\(space)/\(kind.lowercased())s/istiod")
        }
        + [
            (
                "MutatingWebhookConfiguration istio-sidecar-injector",
                "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/"
                    + "istio-sidecar-injector"
            ),
            (
                "ValidatingWebhookConfiguration istio-validator-\(space)",
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/"
                    + "istio-validator-\(space)"
            ),
        ]

    /// What the charts bring besides, without which istiod does its work: told when it is not
    /// there after the forced upgrade, and never a reason to keep the gateways away.
    static let companions: [(words: String, path: String)] =
        [
            (
                "ServiceAccount istio-reader-service-account",
                "/api/v1/namespaces/\(space)/serviceaccounts/istio-reader-service-account"
            ),
            (
                "ValidatingWebhookConfiguration istiod-default-validator",
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/"
                    + "istiod-default-validator"
            ),
        ]
        + ["ClusterRole", "ClusterRoleBinding"].map { kind in
            (
                "\(kind) istio-reader-clusterrole-\(space)",
                "\(access)/\(kind.lowercased())s/istio-reader-clusterrole-\(space)"
            )
        }

    static var readings: [Reading] {
        [BigBangPackages.reading]
            + .paths((objects + companions).map(\.path) + Move.webhookPaths)
    }

    /// What of it is missing, in words.
    func missing(_ view: ClusterView) throws(Pause) -> [String] {
        try Self.missing(of: Self.objects, view)
    }

    /// What of its companions is missing, in words.
    func missingCompanions(_ view: ClusterView) throws(Pause) -> [String] {
        try Self.missing(of: Self.companions, view)
    }

    private static func missing(
        of objects: [(words: String, path: String)], _ view: ClusterView
    ) throws(Pause) -> [String] {
        try view.require(objects.map(\.path))
        var missing: [String] = []
        for (words, path) in objects where try view.object(path) == nil {
            missing.append(words)
        }
        return missing
    }

    /// What it still lacks when nothing is missing: pods, certificates. Which version
    /// it has is told behind the gateways.
    func lack(_ view: ClusterView) throws(Pause) -> String? {
        guard let deployment = try bigBang.move.deployment("istiod", in: Self.space, view),
            let istiod = ControlPlane(deployment)
        else { return "Deployment istiod is not there yet" }
        if let complaint = istiod.rollout.complaint { return "istiod: \(complaint)" }
        return try bigBang.move.webhookComplaints(view).first
    }

    /// Throws unless the control plane is whole: gateways made before it is would come up
    /// without a proxy.
    func requireWhole(_ packages: BigBangPackages, _ view: ClusterView) throws(Pause) {
        guard packages.isPastStepOne else { throw .unclear("the old mesh is not switched off") }
        if let complaint = packages.complaint(about: packages.controlPlane) {
            throw .unclear(complaint)
        }
        let missing = try missing(view)
        guard missing.isEmpty else { throw .terminal("\(missing.summary) missing") }
        if let lack = try lack(view) { throw .unclear(lack) }
    }
}

import FleetModel

/// The webhook configurations of a control plane.
///
/// None has a caBundle at first: istiod puts its own there after it has started,
/// and until then every pod that a webhook wants is refused.
extension IstioRevision {
    /// The configuration by which istiod answers to its own revision.
    var injector: JSON {
        configuration(
            named("istio-sidecar-injector"), answeringTo: name,
            labels: owner.labels(component: "Pilot", revision: name)
                .merging(["app": "sidecar-injector"]) { $1 })
    }

    /// The configuration of a revision tag that points here.
    func tag(_ tag: String) -> JSON {
        configuration(
            "istio-revision-tag-\(tag)", answeringTo: tag,
            labels: [
                "istio.io/tag": tag, "istio.io/rev": name, "app": "sidecar-injector",
                "release": "istio", IstioOwner.nameLabel: "unknown",
                "operator.istio.io/component": "Pilot",
            ])
    }

    var validator: JSON {
        validator(
            named("istio-validator") + "-" + Self.space, component: "Pilot",
            webhook: "rev.validation.istio.io",
            objects: [Self.expression("istio.io/rev", "In", [name])])
    }

    /// Validates what carries no revision; a part of the component Base.
    var defaultValidator: JSON {
        validator(
            "istiod-default-validator", component: "Base", webhook: "validation.istio.io",
            objects: [Self.expression("istio.io/rev", "DoesNotExist")])
    }

    private func configuration(
        _ configuration: String, answeringTo value: String, labels: [String: String]
    ) -> JSON {
        let hooks = byRevision(value) + (value == Self.unrevisioned ? byInjection : [])
        return Manifest.make(
            "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", configuration,
            labels: labels, ["webhooks": .array(hooks)])
    }

    private static let notRefused = expression("sidecar.istio.io/inject", "NotIn", ["false"])
    private static let noRevision = expression("istio.io/rev", "DoesNotExist")
    private static let noInjection = expression("istio-injection", "DoesNotExist")

    private func byRevision(_ value: String) -> [JSON] {
        let wanted = Self.expression("istio.io/rev", "In", [value])
        return [
            hook(
                "rev.namespace", namespaces: [wanted, Self.noInjection],
                objects: [Self.notRefused]),
            hook(
                "rev.object", namespaces: [Self.noRevision, Self.noInjection],
                objects: [Self.notRefused, wanted]),
        ]
    }

    private var byInjection: [JSON] {
        [
            hook(
                "namespace",
                namespaces: [Self.expression("istio-injection", "In", ["enabled"])],
                objects: [Self.notRefused]),
            hook(
                "object", namespaces: [Self.noInjection, Self.noRevision],
                objects: [
                    Self.expression("sidecar.istio.io/inject", "In", ["true"]), Self.noRevision,
                ]),
        ]
    }

    private func hook(_ prefix: String, namespaces: [JSON], objects: [JSON]) -> JSON {
        [
            "name": .string("\(prefix).sidecar-injector.istio.io"),
            "admissionReviewVersions": ["v1beta1", "v1"],
            "clientConfig": ["service": service(path: "/inject")],
            "failurePolicy": "Fail", "matchPolicy": "Equivalent", "reinvocationPolicy": "Never",
            "sideEffects": "None", "timeoutSeconds": 10,
            "namespaceSelector": ["matchExpressions": .array(namespaces)],
            "objectSelector": ["matchExpressions": .array(objects)],
            "rules": [
                [
                    "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
                    "resources": ["pods"], "scope": "*",
                ]
            ],
        ]
    }

    private func validator(
        _ configuration: String, component: String, webhook: String, objects: [JSON]
    ) -> JSON {
        Manifest.make(
            "admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", configuration,
            labels: owner.labels(component: component, revision: name)
                .merging(["app": "istiod", "istio": "istiod"]) { $1 },
            ["webhooks": [validation(webhook, objects)]])
    }

    private func validation(_ webhook: String, _ objects: [JSON]) -> JSON {
        [
            "name": .string(webhook), "admissionReviewVersions": ["v1beta1", "v1"],
            "clientConfig": ["service": service(path: "/validate")],
            "failurePolicy": "Ignore", "matchPolicy": "Equivalent", "sideEffects": "None",
            "timeoutSeconds": 10, "namespaceSelector": [:],
            "objectSelector": ["matchExpressions": .array(objects)],
            "rules": [
                [
                    "apiGroups": [
                        "security.istio.io", "networking.istio.io", "telemetry.istio.io",
                        "extensions.istio.io",
                    ],
                    "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["*"],
                    "scope": "*",
                ]
            ],
        ]
    }

    private func service(path: String) -> JSON {
        [
            "name": .string(named("istiod")), "namespace": .string(Self.space),
            "path": .string(path), "port": 443,
        ]
    }

    private static func expression(
        _ key: String, _ operation: String, _ values: [String] = []
    ) -> JSON {
        var expression: JSON = ["key": .string(key), "operator": .string(operation)]
        if !values.isEmpty { expression["values"] = .array(values.map(JSON.string)) }
        return expression
    }
}

import FleetModel

/// A small chart that plays one of Istio's: it renders the same objects, under the same
/// names, from the values that matter.
///
/// Every template is JSON with actions such as `{{ .Values.revision }}` in its texts, so that
/// helm and the lab itself can fill it in.
struct LabChart: Sendable {
    let name: String
    /// The chart's own values.
    let values: JSON
    let templates: [Template]

    /// One object, and the value that keeps it from being there.
    struct Template: Sendable {
        let object: JSON
        var absence: (path: String, value: String)?

        /// Its text with actions. What is no text in the object is none between quotes either.
        fileprivate var text: String {
            object.description.replacing(
                "\"{{ .Values.replicaCount }}\"", with: "{{ .Values.replicaCount }}")
        }
    }

    static func all(version: String) -> [LabChart] {
        [base, istiod(version: version), cni(version: version), ztunnel(version: version), gateway]
    }

    /// The files of the chart, by their paths in its folder.
    func files(version: String) -> [(path: String, text: String)] {
        let about: JSON = [
            "apiVersion": "v2", "name": .string(name), "version": .string(version),
            "appVersion": .string(version),
            "description": "Plays Istio's chart of this name in a lab.",
        ]
        let documents = templates.map(\.document).joined(separator: "---\n")
        return [
            ("Chart.yaml", "\(about)\n"), ("values.yaml", "\(values)\n"),
            ("templates/objects.yaml", documents),
        ]
    }

    /// What a release of that name and with those values consists of.
    func objects(release: String, in space: String, values given: [String: String]) -> [JSON] {
        var replacements = ["Release.Name": release, "Release.Namespace": space]
        for (path, value) in Self.leaves(of: values, at: "Values") { replacements[path] = value }
        for (path, value) in given { replacements["Values.\(path)"] = value }
        for (path, value) in replacements where path.hasPrefix("Values.") {
            replacements["\(path) | default .Release.Name"] = value.isEmpty ? release : value
        }
        return templates.compactMap { template in
            if let absence = template.absence,
                replacements["Values.\(absence.path)"] == absence.value
            {
                return nil
            }
            var text = template.text
            for (path, value) in replacements {
                text = text.replacing("{{ .\(path) }}", with: value)
            }
            return JSON(parsing: text)
        }
    }

    private static func leaves(of value: JSON, at path: String) -> [(String, String)] {
        guard let members = value.object else { return [(path, value.string ?? "\(value)")] }
        return members.flatMap { leaves(of: $0.value, at: "\(path).\($0.key)") }
    }
}

extension LabChart.Template {
    /// As helm takes it.
    fileprivate var document: String {
        guard let absence else { return "\(text)\n" }
        let condition = "ne (toString .Values.\(absence.path)) \"\(absence.value)\""
        return "{{ if \(condition) }}\n\(text)\n{{ end }}\n"
    }
}

extension [JSON] {
    /// Objects that are there whatever the values say.
    fileprivate var templates: [LabChart.Template] { map { LabChart.Template(object: $0) } }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        var parts: [Substring] = []
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            parts += [rest[..<range.lowerBound], other[...]]
            rest = rest[range.upperBound...]
        }
        return (parts + [rest]).joined()
    }
}

// MARK: - The charts

extension LabChart {
    private static let owner = IstioOwner(name: "unknown", namespace: IstioRevision.space)

    /// Definitions of resources, which stay when the release goes, and the validator of
    /// what names no revision.
    private static var base: LabChart {
        let revision = IstioRevision(
            name: "{{ .Values.defaultRevision }}", hub: "", tag: "", owner: owner, cluster: "")
        let definitions = CustomResources.istio.map { definition in
            var definition = definition
            definition[path: ["metadata", "annotations"]] = ["helm.sh/resource-policy": "keep"]
            return definition
        }
        return LabChart(
            name: "base", values: ["defaultRevision": "default"],
            templates: (definitions + [revision.defaultValidator]).templates)
    }

    /// Without it an istiod turns ztunnels away.
    static let ambient = "PILOT_ENABLE_AMBIENT"

    private static func istiod(version: String) -> LabChart {
        let revision = IstioRevision(
            name: "{{ .Values.revision }}", hub: "{{ .Values.global.hub }}",
            tag: "{{ .Values.global.tag }}", owner: owner,
            cluster: "{{ .Values.global.clusterName }}",
            trustDomain: "{{ .Values.meshConfig.trustDomain }}",
            environment: [
                Manifest.variable("CA_TRUSTED_NODE_ACCOUNTS", "{{ .Release.Namespace }}/ztunnel"),
                Manifest.variable(ambient, "{{ .Values.env.\(ambient) }}"),
            ])
        return LabChart(
            name: "istiod",
            values: [
                "revision": "", "env": .object([ambient: "false"]),
                "global": [
                    "hub": "docker.io/istio", "tag": .string(version), "clusterName": "Kubernetes",
                ],
                "meshConfig": ["trustDomain": "cluster.local"],
            ], templates: revision.objects.templates)
    }

    /// The agent of the network on every node. Whoever upgrades it with the values of the old
    /// chart leaves the old image there.
    private static func cni(version: String) -> LabChart {
        let (name, space) = ("istio-cni", "{{ .Release.Namespace }}")
        let labels = ["k8s-app": "\(name)-node"]
        let template: JSON = [
            "metadata": [
                "labels": JSON(labels.merging(["sidecar.istio.io/inject": "false"]) { $1 })
            ],
            "spec": [
                "serviceAccountName": .string(name),
                "containers": [
                    [
                        "name": "install-cni",
                        "image": "{{ .Values.global.hub }}/install-cni:{{ .Values.global.tag }}",
                    ]
                ],
            ],
        ]
        let agents = Manifest.make(
            "apps/v1", "DaemonSet", "\(name)-node", in: space,
            labels: labels.merging([
                "istio.io/rev": "default", "operator.istio.io/component": "Cni",
            ]) { $1 },
            [
                "spec": [
                    "selector": ["matchLabels": JSON(labels)],
                    "updateStrategy": [
                        "type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1],
                    ],
                    "template": template,
                ]
            ])
        return LabChart(
            name: "cni",
            values: ["global": ["hub": "docker.io/istio", "tag": .string(version)]],
            templates: [Manifest.serviceAccount(name, in: space, labels: labels), agents]
                .templates)
    }

    /// A gateway whose proxy the injector fills in, by the revision that its pods name. As in
    /// Istio's own chart it may do without a Service and an account, and its Deployment selects
    /// what the Service does.
    private static var gateway: LabChart {
        let (name, space) = ("{{ .Release.Name }}", "{{ .Release.Namespace }}")
        let account = "{{ .Values.serviceAccount.name | default .Release.Name }}"
        let labels = [
            "app": "{{ .Values.labels.app | default .Release.Name }}",
            "istio": "{{ .Values.labels.istio }}",
        ]
        let podLabels = labels.merging([
            "istio.io/rev": "{{ .Values.revision }}", "sidecar.istio.io/inject": "true",
        ]) { $1 }
        let template: JSON = [
            "metadata": [
                "labels": JSON(podLabels),
                "annotations": ["inject.istio.io/templates": "gateway"],
            ],
            "spec": [
                "serviceAccountName": .string(account),
                "containers": [["name": "istio-proxy", "image": "auto"]],
            ],
        ]
        let deployment = Manifest.make(
            "apps/v1", "Deployment", name, in: space, labels: labels,
            [
                "spec": [
                    "replicas": "{{ .Values.replicaCount }}",
                    "selector": ["matchLabels": JSON(labels)],
                    "template": template,
                ]
            ])
        let ports: [JSON] = [("status-port", 15021), ("http2", 80), ("https", 443)].map {
            [
                "name": .string($0.0), "port": .int($0.1), "targetPort": .int($0.1),
                "protocol": "TCP",
            ]
        }
        let service = Manifest.make(
            "v1", "Service", name, in: space, labels: labels,
            [
                "spec": [
                    "type": "LoadBalancer", "selector": JSON(labels), "ports": .array(ports),
                ]
            ])
        return LabChart(
            name: "gateway",
            values: [
                "revision": "", "replicaCount": 1, "service": ["type": "LoadBalancer"],
                "labels": ["app": "", "istio": "ingress"],
                "serviceAccount": ["create": true, "name": ""],
            ],
            templates: [
                Template(
                    object: Manifest.serviceAccount(account, in: space, labels: labels),
                    absence: ("serviceAccount.create", "false")),
                Template(object: deployment),
                Template(object: service, absence: ("service.type", "None")),
            ])
    }
}

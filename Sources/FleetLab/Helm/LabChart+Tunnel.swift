import FleetModel

extension LabChart {
    /// What carries the traffic of ambient pods, once on every node. It asks the istiod of one
    /// revision, which goes into an annotation and into the addresses; the lab's have one always.
    ///
    /// As in Istio's chart a node's new pod comes before its old one goes.
    static func ztunnel(version: String) -> LabChart {
        let space = "{{ .Release.Namespace }}"
        let marks = [
            "app.kubernetes.io/name": tunnel, "app.kubernetes.io/part-of": "istio",
            "app.kubernetes.io/instance": "{{ .Release.Name }}",
            "app.kubernetes.io/version": version, "helm.sh/chart": "\(tunnel)-\(version)",
        ]
        var account = Manifest.serviceAccount(tunnel, in: space, labels: marks)
        account.metadata["annotations"] = JSON(revisionMark)
        let agents = Manifest.make(
            "apps/v1", "DaemonSet", tunnel, in: space, labels: marks, annotations: revisionMark,
            [
                "spec": [
                    "selector": ["matchLabels": ["app": .string(tunnel)]],
                    "updateStrategy": [
                        "type": "RollingUpdate",
                        "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 0],
                    ],
                    "template": tunnelTemplate(marks),
                ]
            ])
        return LabChart(
            name: tunnel,
            values: ["hub": "docker.io/istio", "tag": .string(version), "revision": ""],
            templates: [Template(object: account), Template(object: agents)])
    }

    /// The chart calls everything so, whatever its release is called.
    private static let tunnel = "ztunnel"
    private static let revisionMark = ["istio.io/rev": "{{ .Values.revision }}"]

    private static func tunnelTemplate(_ marks: [String: String]) -> JSON {
        let labels = marks.merging([
            "app": tunnel, "istio.io/dataplane-mode": "none", "sidecar.istio.io/inject": "false",
        ]) { $1 }
        let annotations = revisionMark.merging([
            "prometheus.io/port": "15020", "prometheus.io/scrape": "true",
            "sidecar.istio.io/inject": "false",
        ]) { $1 }
        return [
            "metadata": ["labels": JSON(labels), "annotations": JSON(annotations)],
            "spec": [
                "serviceAccountName": .string(tunnel), "terminationGracePeriodSeconds": 30,
                "priorityClassName": "system-node-critical", "containers": [tunnelContainer],
            ],
        ]
    }

    private static var tunnelContainer: JSON {
        let istiod = "istiod-{{ .Values.revision }}.\(IstioRevision.space).svc:15012"
        return [
            "name": "istio-proxy", "image": "{{ .Values.hub }}/ztunnel:{{ .Values.tag }}",
            "args": ["proxy", "ztunnel"],
            "ports": [["containerPort": 15020, "name": "ztunnel-stats", "protocol": "TCP"]],
            "readinessProbe": ["httpGet": ["path": "/healthz/ready", "port": 15021]],
            "env": [
                Manifest.variable("CA_ADDRESS", istiod), Manifest.variable("XDS_ADDRESS", istiod),
                Manifest.variable("RUST_LOG", "info"), Manifest.variable("INPOD_ENABLED", "true"),
                Manifest.variable("NODE_NAME", field: "spec.nodeName"),
                Manifest.variable("SERVICE_ACCOUNT", field: "spec.serviceAccountName"),
            ],
        ]
    }
}

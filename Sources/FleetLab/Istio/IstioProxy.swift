import FleetModel

/// The container `istio-proxy` of a pod.
struct IstioProxy: Sendable {
    static let container = "istio-proxy"

    var revision: IstioRevision
    /// The name of the workload the pod belongs to.
    var workload: String
    /// The API path of that workload, from `apis/` on.
    var owner: String

    /// In front of an application.
    var sidecar: JSON {
        make(arguments: [
            "proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local",
            "--proxyLogLevel=warning", "--proxyComponentLogLevel=misc:error",
            "--log_output_level=default:info",
        ])
    }

    /// At the edge of a mesh.
    var router: JSON {
        make(arguments: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"])
    }

    /// The init container that redirects the pod's traffic.
    var initializer: JSON {
        [
            "name": "istio-init", "image": image,
            "args": [
                "istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337", "-m", "REDIRECT",
            ],
        ]
    }

    private var image: JSON { .string("\(revision.hub)/proxyv2:\(revision.tag)") }

    private func make(arguments: [JSON]) -> JSON {
        [
            "name": .string(Self.container), "image": image, "args": .array(arguments),
            "env": .array(environment),
            "ports": [["containerPort": 15090, "name": "http-envoy-prom", "protocol": "TCP"]],
            "readinessProbe": [
                "httpGet": ["path": "/healthz/ready", "port": 15021, "scheme": "HTTP"],
                "periodSeconds": 15, "failureThreshold": 4, "timeoutSeconds": 3,
            ],
            "volumeMounts": [
                ["mountPath": "/var/run/secrets/istio", "name": "istiod-ca-cert"],
                ["mountPath": "/var/run/secrets/tokens", "name": "istio-token"],
            ],
        ]
    }

    private var environment: [JSON] {
        let discovery = JSON.object(["discoveryAddress": .string(revision.address)])
        return [
            Manifest.variable("PILOT_CERT_PROVIDER", "istiod"),
            Manifest.variable("CA_ADDR", revision.address),
            Manifest.variable("POD_NAME", field: "metadata.name"),
            Manifest.variable("POD_NAMESPACE", field: "metadata.namespace"),
            Manifest.variable("PROXY_CONFIG", discovery.description + "\n"),
            Manifest.variable("ISTIO_META_CLUSTER_ID", revision.cluster),
            Manifest.variable("ISTIO_META_INTERCEPTION_MODE", "REDIRECT"),
            Manifest.variable("ISTIO_META_WORKLOAD_NAME", workload),
            Manifest.variable("ISTIO_META_OWNER", "kubernetes://\(owner)"),
            Manifest.variable("ISTIO_META_MESH_ID", revision.trustDomain),
            Manifest.variable("TRUST_DOMAIN", revision.trustDomain),
        ]
    }
}

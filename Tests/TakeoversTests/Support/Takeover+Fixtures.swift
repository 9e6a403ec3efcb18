import FleetModel

@testable import Takeovers

extension Takeover {
    /// The takeover that the checkpoints show.
    static func gloo(
        parameters: [String: JSON] = ["gateways": "none"],
        manifests: [String: String] = standardManifests
    ) -> Takeover {
        Takeover(
            name: "istio-1-15", runbook: "gloo", revision: "1-15", version: "1.15.3-solo",
            parameters: parameters, manifests: manifests)
    }

    static let standardManifests = [
        "controlPlane": controlPlaneManifest.description,
        "eastWestGateway": gatewayManifest("eastwest").description,
    ]

    /// The same for OpenShift.
    static let openShiftManifests: [String: String] = {
        var manifest = controlPlaneManifest
        var installation = manifest.spec.items("installations")[0]
        installation[path: ["istioOperatorSpec", "profile"]] = "openshift"
        installation[path: ["istioOperatorSpec", "components", "cni", "enabled"]] = true
        manifest[path: ["spec", "installations"]] = .array([installation])
        var manifests = standardManifests
        manifests["controlPlane"] = manifest.description
        return manifests
    }()

    static let controlPlaneManifest: JSON = [
        "apiVersion": "admin.gloo.solo.io/v2", "kind": "IstioLifecycleManager",
        "metadata": ["name": "istiod-control-plane", "namespace": "gloo-mesh"],
        "spec": [
            "installations": [
                [
                    "revision": "1-15",
                    "clusters": [["name": "$CLUSTER", "defaultRevision": false]],
                    "istioOperatorSpec": [
                        "profile": "minimal", "hub": "us-docker.pkg.dev/gloo-mesh/istio-REPOKEY",
                        "tag": "1.15.3-solo", "namespace": "istio-system",
                    ],
                ]
            ]
        ],
    ]

    static func gatewayManifest(_ type: String) -> JSON {
        let name = JSON.string("istio-\(type)gateway")
        let gateway: JSON = [
            "name": name, "namespace": "gloo-mesh-gateways", "enabled": true,
            "k8s": [
                "service": [
                    "type": "LoadBalancer",
                    "ports": [
                        ["name": "status-port", "port": 15021], ["name": "tls", "port": 15443],
                    ],
                ]
            ],
        ]
        return [
            "apiVersion": "admin.gloo.solo.io/v2", "kind": "GatewayLifecycleManager",
            "metadata": ["name": name, "namespace": "gloo-mesh"],
            "spec": [
                "installations": [
                    [
                        "gatewayRevision": "1-15", "clusters": [],
                        "istioOperatorSpec": [
                            "profile": "empty", "tag": "1.15.3-solo",
                            "hub": "us-docker.pkg.dev/gloo-mesh/istio-REPOKEY",
                            "components": ["ingressGateways": [gateway]],
                        ],
                    ]
                ]
            ],
        ]
    }
}

extension Situation {
    static func gloo(
        _ takeover: Takeover = .gloo(), cluster: Cluster = Cluster("cluster-1"), epoch: Int = 1
    ) -> Situation {
        Situation(
            takeover: takeover, cluster: cluster, management: Cluster("mgmt-1"), run: "7F3K",
            epoch: epoch)
    }
}

extension GlooRunbook {
    /// One step by phase and name.
    static func step(
        _ name: String, of phase: String, in situation: Situation = .gloo()
    ) throws -> Step {
        let step = steps(of: phase, in: situation).first { $0.outline.name == name }
        guard let step else { throw Fixture.Missing(name: "\(phase)/\(name)") }
        return step
    }
}

extension Observation {
    /// The kind of answer, without its words.
    var word: String {
        switch self {
        case .needs: "needs"
        case .done: "done"
        case .notDone: "notDone"
        case .partial: "partial"
        case .settling: "settling"
        case .unknown: "unknown"
        case .failed(let failure): "failed \(failure.kind.rawValue)"
        }
    }
}

import FleetModel

@testable import FleetLab

/// The objects a takeover applies in the management cluster.
enum GlooManifests {
    static let revision = "1-15"
    static let version = "1.15.3-solo"
    private static let hub = "us-docker.pkg.dev/gloo-mesh/istio-REPOKEY"

    static func controlPlane(cluster: String = "edge-01") -> JSON {
        Manifest.make(
            "admin.gloo.solo.io/v2", "IstioLifecycleManager", "istiod-control-plane",
            in: GlooKinds.space,
            [
                "spec": [
                    "installations": [
                        [
                            "revision": .string(revision),
                            "clusters": [
                                [
                                    "name": .string(cluster), "defaultRevision": false,
                                    "trustDomain": "cluster.local",
                                ]
                            ],
                            "istioOperatorSpec": [
                                "profile": "minimal", "hub": .string(hub), "tag": .string(version),
                                "namespace": "istio-system",
                                "meshConfig": [
                                    "defaultConfig": ["holdApplicationUntilProxyStarts": true]
                                ],
                            ],
                        ]
                    ]
                ]
            ])
    }

    static func gateway(_ name: String, role: String, cluster: String = "edge-01") -> JSON {
        let component: JSON = [
            "name": .string(name), "namespace": "gloo-mesh-gateways", "enabled": true,
            "label": ["istio": .string(role), "app": .string(name)],
            "k8s": [
                "service": [
                    "type": "LoadBalancer", "selector": ["istio": .string(role)],
                    "ports": [
                        ["name": "status-port", "port": 15021, "targetPort": 15021],
                        ["name": "tls", "port": 15443, "targetPort": 15443],
                    ],
                ]
            ],
        ]
        return Manifest.make(
            "admin.gloo.solo.io/v2", "GatewayLifecycleManager", name, in: GlooKinds.space,
            [
                "spec": [
                    "installations": [
                        [
                            "gatewayRevision": .string(revision),
                            "clusters": [["name": .string(cluster), "activeGateway": true]],
                            "istioOperatorSpec": [
                                "profile": "empty", "hub": .string(hub), "tag": .string(version),
                                "components": ["ingressGateways": [component]],
                            ],
                        ]
                    ]
                ]
            ])
    }
}

extension Rehearsal {
    static let controlPlaneKey = ObjectKey(
        GlooKinds.controlPlanes, namespace: GlooKinds.space, name: "istiod-control-plane")

    func state(
        of key: ObjectKey = controlPlaneKey, cluster: String = "edge-01", revision: String = "1-15"
    ) throws -> String? {
        let entry = try installation(of: key, cluster: cluster, revision: revision)
        return entry.map { $0["state"]?.string ?? "PENDING" }
    }

    func installation(
        of key: ObjectKey = controlPlaneKey, cluster: String = "edge-01", revision: String = "1-15"
    ) throws -> JSON? {
        let path = ["status", "clusters", cluster, "installations", revision]
        return try management.get(key)?[path: path]
    }

    func installControlPlane() throws -> Bool {
        try management.create(GlooKinds.controlPlanes, GlooManifests.controlPlane())
        return try run { try state() == "HEALTHY" }
    }

    /// Edits what the lifecycle manager says about its first cluster.
    func editControlPlane(_ edit: (inout JSON) -> Void) throws {
        try management.update(Self.controlPlaneKey) { object in
            var installations = object[path: ["spec", "installations"]]?.array ?? []
            edit(&installations[0])
            object[path: ["spec", "installations"]] = .array(installations)
        }
    }

    func setDefault(_ isDefault: Bool) throws {
        try editControlPlane { installation in
            var clusters = installation["clusters"]?.array ?? []
            clusters[0]["defaultRevision"] = .bool(isDefault)
            installation["clusters"] = .array(clusters)
        }
    }

    /// What `kubectl rollout restart` does.
    func restart(_ key: ObjectKey) throws {
        let stamp = JSON.string(clock.now.timestamp)
        let path = [
            "spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt",
        ]
        try edge.update(key) { $0[path: path] = stamp }
    }
}

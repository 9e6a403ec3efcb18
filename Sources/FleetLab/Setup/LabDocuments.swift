/// The YAML that a new lab writes beside its kubeconfig: enough to plan and run a
/// takeover of it at once.
struct LabDocuments: Sendable {
    let clusters: [LabCluster]
    let speed: Double
    var target = LabTarget()

    private var workloads: [LabCluster] { clusters.filter { $0.management != nil } }

    // MARK: - The three documents of Bellwether

    var inventory: String {
        let managers = clusters.filter { $0.management == nil }.map { cluster in
            "  - {name: \(cluster.name), context: \(cluster.name), region: \(cluster.region)}\n"
        }
        return """
            # The simulated fleet; the lab rewrites this file whenever it starts.
            defaults:
              kubeconfig: ../kubeconfig
              # Lets whoever works on these clusters live as fast as they do.
              labels: {bellwether.lab/speed: "\(speed)"}

            management:
            \(managers.joined())
            clusters:
            \(workloads.map(Self.entry).joined())
            """
    }

    private static func entry(_ cluster: LabCluster) -> String {
        let labels = cluster.labels.filter { $0.key != "region" }.sorted { $0.key < $1.key }
            .map { "\($0.key): \"\($0.value)\"" }.joined(separator: ", ")
        return """
              - name: \(cluster.name)
                context: \(cluster.name)
                management: \(cluster.management ?? "")
                region: \(cluster.region)
                labels: {\(labels)}

            """
    }

    /// The canary, then a quarter, then the rest; small fleets have no clusters for
    /// them all, and a wave that takes none is a mistake.
    var rollout: String {
        """
        # One canary, a few more, then everybody else.
        rollout: lab
        maxConcurrency: 6
        managementConcurrency: 4
        maxFailures: 1

        # Nobody misses what a lab loses. On a real fleet the first wave that removes anything
        # waits for `bellwether approve`, unless its policy says this, too.
        defaults:
          gate: {approval: false}

        waves:
          - name: canary
            canary: true
            clusters: {matchLabels: {canary: "true"}}
            maxConcurrency: 1
            maxFailures: 0
            soak: 2s
            progressDeadline: 15m

        """ + (workloads.count > 2 ? Self.few : "") + (workloads.count > 1 ? Self.rest : "")
    }

    private static let few = """
          - name: few
            clusters: 25%
            maxConcurrency: 100%
            maxFailures: 0
            soak: 1s
            exposure: soft

        """

    private static let rest = """
          - name: rest
            clusters: rest
            maxConcurrency: 100%
            maxFailures: 10%

        """

    var takeover: String {
        """
        # Every cluster of the lab starts with an unrevisioned Istio \(target.old).
        takeover: lab
        runbook: gloo
        revision: \(target.revision)
        version: \(target.version)
        oldRevision: default

        parameters:
          # Nobody's DNS leads to the lab, so there is nothing to switch.
          gateways: none
        \(isRecorded ? "" : Self.waiver)
        manifests:
          controlPlane: manifests/istiod.yaml
          eastWestGateway: manifests/eastwest.yaml
          ingressGateway: manifests/ingress.yaml

        """
    }

    private var isRecorded: Bool { clusters.contains { $0.recording != nil } }

    /// What the lab's own clusters run that can't be moved.
    static let waiver = """
          # A bare pod, which nothing would make anew: it may lose its control plane.
          waived: [telemetry/debug-shell]

        """

    // MARK: - Manifests for Gloo

    private var first: String { workloads.first?.name ?? "edge-01" }

    var controlPlane: String {
        """
        apiVersion: admin.gloo.solo.io/v2
        kind: IstioLifecycleManager
        metadata:
          name: istiod-control-plane
          namespace: gloo-mesh
        spec:
          installations:
            - revision: \(target.revision)
              # Replaced by the clusters of each wave.
              clusters:
                - {name: \(first), defaultRevision: false, trustDomain: cluster.local}
              istioOperatorSpec:
                profile: minimal
                hub: \(target.hub)
                tag: \(target.version)
                namespace: istio-system
                meshConfig:
                  trustDomain: cluster.local
                  accessLogFile: /dev/stdout
                  defaultConfig:
                    holdApplicationUntilProxyStarts: true
                  rootNamespace: istio-system
                components:
                  ingressGateways:
                    - {name: istio-ingressgateway, enabled: false}
                    - {name: istio-eastwestgateway, enabled: false}

        """
    }

    var eastWestGateway: String {
        gateway("istio-eastwestgateway", role: "eastwestgateway", ports: [("tls", 15443, 15443)])
    }

    var ingressGateway: String {
        gateway(
            "istio-ingressgateway", role: "ingressgateway",
            ports: [("http2", 80, 8080), ("https", 443, 8443), ("tls", 15443, 15443)])
    }

    /// The status port comes first: load balancers check the health of the first.
    private func gateway(_ name: String, role: String, ports: [(String, Int, Int)]) -> String {
        let listed = ([("status-port", 15021, 15021)] + ports).map { name, port, target in
            "                    - {name: \(name), port: \(port), targetPort: \(target)}\n"
        }
        return """
            apiVersion: admin.gloo.solo.io/v2
            kind: GatewayLifecycleManager
            metadata:
              name: \(name)
              namespace: gloo-mesh
            spec:
              installations:
                - gatewayRevision: \(target.revision)
                  # Replaced by the clusters of each wave.
                  clusters:
                    - {name: \(first), activeGateway: true}
                  istioOperatorSpec:
                    profile: empty
                    hub: \(target.hub)
                    tag: \(target.version)
                    components:
                      ingressGateways:
                        - name: \(name)
                          namespace: gloo-mesh-gateways
                          enabled: true
                          label: {istio: \(role), app: \(name)}
                          k8s:
                            service:
                              type: LoadBalancer
                              selector: {istio: \(role)}
                              ports:
            \(listed.map { "            " + $0 }.joined())
            """
    }
}

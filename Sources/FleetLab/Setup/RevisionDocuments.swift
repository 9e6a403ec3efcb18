/// The YAML by which a lab that Helm installed is taken to the next revision.
enum RevisionDocuments {
    /// The path of the `charts` is absolute: helm looks from wherever it is run.
    static func takeover(charts: String) -> String {
        """
        # Every cluster of the lab starts with Istio \(RevisionSetup.oldVersion), installed by Helm.
        takeover: lab
        runbook: revision
        revision: \(RevisionSetup.newRevision)
        version: \(RevisionSetup.newVersion)
        oldRevision: \(RevisionSetup.oldRevision)

        parameters:
          install: helm
          charts:
            base: \(charts)/base
            istiod: \(charts)/istiod
            cni: \(charts)/cni
            ztunnel: \(charts)/ztunnel
            gateway: \(charts)/gateway
          gateways: [\(RevisionSetup.gateway)/\(RevisionSetup.gateway)]
          # A bare pod, which nothing would make anew: it may lose its control plane.
          waived: [telemetry/debug-shell]

        manifests:
          istiod: manifests/istiod.yaml

        """
    }

    static var values: String {
        """
        # What the new istiod is given besides its revision.
        global:
          hub: docker.io/istio
        meshConfig:
          trustDomain: cluster.local
        # Without it istiod turns ztunnels away.
        env:
          \(LabChart.ambient): "true"

        """
    }
}

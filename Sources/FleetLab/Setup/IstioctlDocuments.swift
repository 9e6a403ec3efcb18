/// The YAML by which a lab that istioctl installed is taken to a revision.
enum IstioctlDocuments {
    static let takeover = """
        # Every cluster of the lab starts with Istio \(IstioctlSetup.oldVersion) without a \
        revision.
        takeover: lab
        runbook: revision
        revision: \(IstioctlSetup.newRevision)
        version: \(IstioctlSetup.newVersion)

        parameters:
          install: istioctl
          analysis: block
          # A bare pod, which nothing would make anew: it may lose its control plane.
          waived: [telemetry/debug-shell]

        manifests:
          profile: manifests/profile.yaml

        """

    static let profile = """
        # What istioctl installs: an istiod, and nothing that both revisions would share.
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        metadata:
          name: lab
          namespace: istio-system
        spec:
          profile: minimal
          hub: docker.io/istio
          meshConfig:
            trustDomain: cluster.local

        """
}

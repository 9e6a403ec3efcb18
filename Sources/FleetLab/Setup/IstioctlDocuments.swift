/// The YAML by which a lab that istioctl installed is taken to a revision.
enum IstioctlDocuments {
    static func takeover(to target: LabTarget, isRecorded: Bool) -> String {
        let start = isRecorded ? "." : " without a revision."
        return """
            # Every cluster of the lab starts with Istio \(target.old)\(start)
            takeover: lab
            runbook: revision
            revision: \(target.revision)
            version: \(target.version)
            oldRevision: \(target.oldRevision)

            parameters:
              install: istioctl
              analysis: block
            \(isRecorded ? "" : LabDocuments.waiver)
            manifests:
              profile: manifests/profile.yaml

            """
    }

    static func profile(hub: String) -> String {
        """
        # What istioctl installs: an istiod, and nothing that both revisions would share.
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        metadata:
          name: lab
          namespace: istio-system
        spec:
          profile: minimal
          hub: \(hub)
          meshConfig:
            trustDomain: cluster.local

        """
    }
}

/// The takeover that a lab of Big Bang writes beside its kubeconfig.
enum BigBangDocuments {
    static func takeover(to edition: BigBangEdition, isRecorded: Bool) -> String {
        """
        # Every cluster of the lab starts with Big Bang's Istio operator and Istio \
        \(BigBangEdition.oldIstio).
        takeover: lab
        runbook: bigbang
        # Old and new control plane are both without a revision; the version tells them apart.
        revision: default
        version: \(isRecorded ? edition.istio : BigBangEdition.newIstio)
        oldRevision: default

        parameters:
          # The new values are laid over those of git in the cluster itself.
          delivery: override
          # From 1.23 to 1.25 at one go, as Big Bang does it.
          allowSkew: true
          # Nobody's DNS leads to the lab.
          dns: others
        \(isRecorded ? "" : LabDocuments.waiver)
        """
    }
}

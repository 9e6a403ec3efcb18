/// The YAML by which a lab that the sail operator leads is taken to the next version.
enum SailDocuments {
    static let takeover = """
        # Every cluster of the lab starts with Istio \(SailSetup.oldVersion), which the sail \
        operator leads.
        takeover: lab
        runbook: sail
        # The operator makes these names from the resource's and the version.
        revision: \(SailSetup.revision(SailSetup.newVersion))
        version: \(SailSetup.newVersion)
        oldRevision: \(SailSetup.revision(SailSetup.oldVersion))

        parameters:
          istio: default

        """

    static let inPlace = """
        # Every cluster of the lab starts with Istio \(SailSetup.oldVersion), which the sail \
        operator leads.
        takeover: lab
        runbook: sail
        # Where the one control plane changes, both are called like the resource.
        revision: default
        version: \(SailSetup.newVersion)
        oldRevision: default

        parameters:
          istio: default

        """
}

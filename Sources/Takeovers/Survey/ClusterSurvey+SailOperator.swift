import FleetModel

extension ClusterSurvey.Sail {
    /// What is there of the operator's resources; `nil` when there is no Istio.
    ///
    /// Most clusters don't know the kinds, so the others are asked for only where there is one.
    init?(_ view: ClusterView) throws(Pause) {
        let istios = try view.optionalList(SailResource.istiosPath) ?? []
        guard !istios.isEmpty else { return nil }
        try view.require([SailResource.revisionsPath, SailResource.tagsPath])
        let revisions = try view.optionalList(SailResource.revisionsPath) ?? []
        let tags = try view.optionalList(SailResource.tagsPath) ?? []
        self.init(
            istios: istios.map { Istio(SailResource($0)) }.sorted { $0.name < $1.name },
            revisions: revisions.map { ControlPlane(SailResource($0)) }
                .sorted { $0.revision < $1.revision },
            tags: tags.map { Tag(SailResource($0)) }.sorted { $0.name < $1.name })
    }
}

extension ClusterSurvey.Sail.Istio {
    fileprivate init(_ resource: SailResource) {
        self.init(
            name: resource.name, version: resource.version,
            isRevisionBased: resource.isRevisionBased, updatesWorkloads: resource.updatesWorkloads,
            gracePeriod: resource.wantedGracePeriod, activeRevision: resource.activeRevision)
    }
}

extension ClusterSurvey.Sail.ControlPlane {
    fileprivate init(_ resource: SailResource) {
        let owner = OwnerReference(controllerOf: resource.object)
        self.init(
            revision: Revision(resource.name), version: resource.version,
            istio: owner?.kind == "Istio" ? owner?.name : nil)
    }
}

extension ClusterSurvey.Sail.Tag {
    fileprivate init(_ resource: SailResource) {
        self.init(name: resource.name, kind: resource.target.kind, target: resource.target.name)
    }
}

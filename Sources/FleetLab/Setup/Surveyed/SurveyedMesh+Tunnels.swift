import FleetModel

extension SurveyedMesh {
    /// Whether the mesh has a ztunnel, so that its istiods take one.
    var takesTunnels: Bool { survey.nodeAgents.contains(where: \.isTunnel) }

    /// The ztunnels of istiods that nobody leads, as their chart has them.
    func buildTunnels() throws(StatusError) {
        guard !survey.isBigBang else { return }
        for agent in survey.nodeAgents where agent.isTunnel {
            for object in objects(of: agent) { try install(object) }
        }
    }

    private func objects(of agent: ClusterSurvey.NodeAgent) -> [JSON] {
        guard let place = QualifiedName(agent.name), let revision = agent.revision,
            let plane = plane(revision), !isLed(plane)
        else { return [] }
        let version = agent.version ?? survey.version(of: revision)
        let release = LabRelease(
            name: place.name, space: place.space, chart: .ztunnel(version: version),
            version: version, values: ["revision": revision.rawValue])
        return release.objects + (isHelms ? [release.record(at: store.clock.now)] : [])
    }
}

extension ClusterSurvey.NodeAgent {
    /// Whether it carries the traffic of pods, and asks an istiod for that.
    var isTunnel: Bool { name.hasSuffix("/ztunnel") }
}

import FleetModel

/// A workload cluster that looks like one that was surveyed.
///
/// It is built in stages, each of which has to come to rest before the next: who injects has
/// to be there before the pods it injects into, and proxies of another revision than their
/// namespace asks for were made when it asked for that.
struct SurveyedSetup: Sendable {
    let cluster: LabCluster
    let survey: ClusterSurvey
    let store: ClusterStore
    /// Whether Helm installed the mesh, where neither Flux nor an operator did.
    let isHelms: Bool

    enum Stage: Hashable, Sendable {
        case ground, mesh, gateways
        case workloadsOf(Revision)
        case otherWorkloads
        case pauses
    }

    var stages: [Stage] {
        [.ground, .mesh, .gateways] + workloads.staleRevisions.map(Stage.workloadsOf)
            + [.otherWorkloads, .pauses]
    }

    func build(_ stage: Stage) throws(StatusError) {
        switch stage {
        case .ground: try buildGround()
        case .mesh: try mesh.build()
        case .gateways:
            try mesh.buildGateways()
            try mesh.buildTunnels()
        case .workloadsOf(let revision): try workloads.buildStale(of: revision)
        case .otherWorkloads: try workloads.buildOthers()
        case .pauses:
            try workloads.pause()
            try mesh.sail?.releaseRevisions()
        }
    }

    private var workloads: SurveyedWorkloads { SurveyedWorkloads(survey: survey, store: store) }

    private var mesh: SurveyedMesh {
        SurveyedMesh(cluster: cluster, survey: survey, store: store, isHelms: isHelms)
    }

    /// What was there before anybody injected.
    private func buildGround() throws(StatusError) {
        if survey.isBigBang {
            try BigBangSetup(
                cluster: cluster, store: store, edition: survey.bigBangEdition, isSmall: true
            ).buildMesh()
        } else {
            try ClusterFoundation(cluster: cluster, store: store, nodes: nodes).build()
            let operators = survey.sail == nil ? [] : CustomResources.sail
            for definition in (isHelms ? [] : CustomResources.istio) + operators {
                try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
            }
        }
        try workloads.buildNamespaces()
        try workloads.buildUnmeshed()
    }

    /// As many as the largest DaemonSet has pods.
    private var nodes: Int {
        let largest = survey.owners.filter { $0.kind == "DaemonSet" }.map(\.pods).max() ?? 3
        return min(max(largest, 1), Self.mostNodes)
    }

    /// More would cost the laptop that plays them more than they tell.
    private static let mostNodes = 100
}

extension ClusterSurvey {
    /// Whether Flux keeps Big Bang in it.
    var isBigBang: Bool {
        releases.contains { $0.kind == "HelmRelease" && $0.name.hasPrefix("bigbang/") }
    }

    /// Whether Gloo's agent runs in it, where Gloo puts it.
    var showsGloo: Bool { namespaces.contains { $0.names.contains(GlooKinds.space) } }

    /// The version that its source says; that of most labs when it says a commit.
    var bigBangEdition: BigBangEdition {
        let source = releases.first {
            $0.kind == "GitRepository" && $0.name == "bigbang/bigbang"
        }
        let version = source?.revision?.split(separator: "@").first.map(String.init) ?? ""
        let parts = version.split(separator: ".")
        let isVersion = parts.count == 3 && parts.allSatisfy { $0.allSatisfy(\.isNumber) }
        return BigBangEdition(version: isVersion ? version : LabConfiguration().bigBang)
    }
}

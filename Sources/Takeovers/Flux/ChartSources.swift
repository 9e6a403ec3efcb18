import FleetModel

/// Where the charts of some releases come from.
///
/// Flux fetches a source at its own interval. A release that is asked for alone looks at what
/// was fetched then, so sources are asked first, as `flux reconcile --with-source` does.
struct ChartSources: Sendable {
    /// Each once, in the order of the releases.
    private let sources: [FluxObject]
    /// The charts that are made of them, one for each release.
    private let charts: [(chart: JSON, source: FluxObject)]

    /// Asks only for the kinds that the releases name. A source that is not there is for the
    /// release to tell.
    init(of releases: [HelmRelease], _ view: ClusterView) throws(Pause) {
        let references = releases.compactMap(Reference.init)
        let kinds = FluxObject.Kind.allCases.filter { kind in
            kind == .helmChart ? !references.isEmpty : references.contains { $0.kind == kind }
        }
        try view.require(kinds.map { .path($0.paths[0], on: .cluster) })
        var objects: [FluxObject.Kind: [JSON]] = [:]
        for kind in kinds { objects[kind] = try view.optionalList(firstOf: kind.paths) ?? [] }
        var sources: [FluxObject] = []
        var charts: [(JSON, FluxObject)] = []
        for reference in references {
            let found = objects[reference.kind]?.first { $0.qualifiedName == reference.name }
            guard let source = found.map({ FluxObject(reference.kind, $0) }) else { continue }
            if !sources.contains(source) { sources.append(source) }
            let chart = objects[.helmChart]?.first { $0.qualifiedName == reference.chart }
            if let chart { charts.append((chart, source)) }
        }
        (self.sources, self.charts) = (sources, charts)
    }

    /// Those that fetch something when they are asked.
    private var active: [FluxObject] { sources.filter { !$0.isIdle } }

    func unasked(_ request: FluxRequest) -> [FluxObject] {
        active.filter { !request.isMade(of: $0.object) }
    }

    /// What is still on its way, in words; `nil` when everything is fresh.
    func waiting(_ request: FluxRequest) -> String? {
        for source in active {
            let state = source.state(since: request.token)
            guard state == .ready else { return "\(source.label) is \(state)" }
        }
        for (chart, source) in charts {
            let seen = chart.status["observedSourceArtifactRevision"]?.nonEmpty
            guard let seen, let revision = source.revision, seen != revision else { continue }
            return "HelmChart \(chart.qualifiedName) is still made of \(seen)"
        }
        return nil
    }
}

extension ChartSources {
    /// What a release says of the source of its chart.
    private struct Reference {
        let kind: FluxObject.Kind
        /// `namespace/name`
        let name: String
        let chart: String?

        init?(_ release: HelmRelease) {
            let spec = release.object.spec
            guard let source = spec["chartRef"] ?? spec[path: ["chart", "spec", "sourceRef"]],
                let kind = source["kind"]?.string.flatMap(FluxObject.Kind.init),
                let name = source["name"]?.nonEmpty
            else { return nil }
            self.kind = kind
            self.name = "\(source["namespace"]?.nonEmpty ?? release.object.namespace)/\(name)"
            chart = release.object.status["helmChart"]?.nonEmpty
        }
    }
}

extension FluxObject {
    /// Whether it fetches nothing by itself: told not to, or a registry, which is only asked
    /// when a chart is made of it, and never answers a request.
    fileprivate var isIdle: Bool {
        object.spec["suspend"]?.bool == true
            || (kind == .helmRepository && object.spec["type"]?.string == "oci")
    }
}

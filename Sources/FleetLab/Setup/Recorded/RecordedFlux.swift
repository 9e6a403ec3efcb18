import FleetModel

/// What Flux needs to go on with a recorded Big Bang.
///
/// Sources, values and what Helm remembers are seldom in a recording. They are made up so that
/// they say what the releases show: a release that is ready is then done, not one to upgrade.
struct RecordedFlux: Sendable {
    let edition: BigBangEdition
    let store: ClusterStore

    private static let parent = ObjectKey(
        FluxKinds.releases, namespace: FluxKinds.packages, name: "bigbang")

    func build() throws(StatusError) {
        for controller in BigBangSetup.controllers {
            try store.makeUp("deployments.apps", controller)
        }
        for release in releases { try makeSource(of: release) }
        if let parent = store.get(Self.parent) {
            try RecordedEnvironment(parent: parent, edition: edition, store: store).build()
        }
        for release in releases { try makeValues(of: release) }
        for release in releases { try remember(release) }
    }

    private var releases: [FluxRelease] {
        store.list(FluxKinds.releases).map { FluxRelease(object: $0, cluster: store.cluster) }
    }

    // MARK: - Sources

    /// A tag of the version that was deployed, or of Big Bang's where nothing was.
    private func makeSource(of release: FluxRelease) throws(StatusError) {
        let version = release.history.first?["chartVersion"]?.string ?? edition.version
        try store.makeUp(
            release.source.resource,
            BigBangSetup.repository(
                release.source.name, in: release.source.namespace, kind: release.sourceKind,
                ["tag": .string(version)]))
    }

    // MARK: - Values

    /// Every source that a release reads its values from; empty where nobody recorded it, or the
    /// lab can't read it.
    private func makeValues(of release: FluxRelease) throws(StatusError) {
        for source in release.object[path: ["spec", "valuesFrom"]]?.array ?? [] {
            let text = HelmValues.text(of: source, in: release.object.namespace, store)
            let isLeftOut = text == nil && source["optional"]?.bool == true
            guard !isLeftOut, text.flatMap(HelmValues.init(text:)) == nil else { continue }
            try RecordedEnvironment.write("{}\n", to: source, in: release.object.namespace, store)
        }
    }

    // MARK: - Memory

    /// What Helm made for it of all that is there, and what it was given.
    private func remember(_ release: FluxRelease) throws(StatusError) {
        let storage = HelmStorage(release: release)
        guard let source = store.get(release.source),
            let values = HelmValues(of: release.object, in: store)
        else { return }
        let version = release.chartVersion(from: source)
        let made = release.chart.objects(release, values, version: version).compactMap { manifest in
            ObjectKey(of: manifest, in: store).map { ($0, HelmAction.digest(of: manifest)) }
        }.filter { store.get($0.0) != nil }
        try store.create("secrets", storage.record(of: made, number: max(release.number, 1)))
        guard release.isReady else { return }
        let deployed = release.history.first?["chartVersion"]?.string ?? version
        let digest = HelmAction.digest(of: [.string(deployed), values.document])
        try store.update(release.key, status: true) {
            $0[path: ["status", "lastAttemptedConfigDigest"]] = .string(digest)
        }
    }
}

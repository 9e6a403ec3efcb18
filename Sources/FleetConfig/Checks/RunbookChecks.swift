import FleetModel

/// What a runbook wants of takeover and inventory, as far as the files alone can tell.
struct RunbookChecks {
    private let form: RunbookForm
    private let takeover: Located<Takeover>
    private let fleet: Located<Fleet>

    init(_ form: RunbookForm, _ takeover: Located<Takeover>, _ fleet: Located<Fleet>) {
        (self.form, self.takeover, self.fleet) = (form, takeover, fleet)
    }

    func mistakes(for selector: Selector?) -> [ConfigurationMistake] {
        let fleet = fleet.value
        let taken = fleet.clusters.filter { selector?.matches($0.labels) ?? true }
        let management = fleet.managementClusters
        guard form.needsManagement else { return manifestMistakes }
        return manifestMistakes + taken.flatMap(mistakes)
            + (taken + management).compactMap(underscoreMistake)
    }

    private var manifestMistakes: [ConfigurationMistake] {
        let (given, sources) = (takeover.value.manifests, takeover.sources)
        let known = form.manifests.map(\.role)
        let unknown = given.keys.filter { !known.contains($0) }.sorted().map { role in
            ConfigurationMistake.unknownManifestRole(
                role, of: form, at: sources["manifests", role])
        }
        let missing = form.manifests.filter { $0.isNeeded && !takeover.hasManifest($0.role) }
        return unknown
            + missing.map { .missingManifest($0.role, of: form, at: sources["manifests"]) }
    }

    private func mistakes(of cluster: Cluster) -> [ConfigurationMistake] {
        var mistakes: [ConfigurationMistake] = []
        let name = cluster.name.rawValue
        if cluster.management == nil {
            mistakes.append(.noManagement(of: name, at: place(of: cluster, "management")))
        }
        if !NameRule.subdomain.holds(for: cluster.registeredName) {
            let place = place(of: cluster, "registeredName")
            mistakes.append(.badRegisteredName(cluster.registeredName, of: name, at: place))
        }
        return mistakes
    }

    /// Gloo puts the context into the SAN of a certificate, where an underscore is no letter
    /// of a domain name.
    private func underscoreMistake(of cluster: Cluster) -> ConfigurationMistake? {
        let context = cluster.context.rawValue
        guard context.contains("_") else { return nil }
        return .contextWithUnderscore(
            context, of: cluster.name.rawValue, at: place(of: cluster, "context"))
    }

    private func place(of cluster: Cluster, _ key: String) -> SourceLocation? {
        let name = cluster.name.rawValue
        return fleet.sources["clusters", name, key] ?? fleet.sources["management", name, key]
    }
}

extension Located<Takeover> {
    /// Whether the takeover names a manifest, be it one that can't be read.
    fileprivate func hasManifest(_ role: String) -> Bool {
        value.manifests[role] != nil || sources.isWritten(["manifests", role])
    }
}

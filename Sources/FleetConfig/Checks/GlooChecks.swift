import FleetModel

/// What the Gloo runbook wants of the inventory, as far as the files alone can tell.
public struct GlooChecks {
    /// What a takeover writes under `runbook` to be one of Gloo.
    public static let runbook = "gloo"

    /// The manifests of the runbook, by what they are for; the first is needed.
    static let manifestRoles = ["controlPlane", "eastWestGateway", "ingressGateway"]

    private let takeover: Located<Takeover>
    private let fleet: Located<Fleet>

    init(_ takeover: Located<Takeover>, _ fleet: Located<Fleet>) {
        (self.takeover, self.fleet) = (takeover, fleet)
    }

    func mistakes(for selector: Selector?) -> [ConfigurationMistake] {
        let fleet = fleet.value
        let taken = fleet.clusters.filter { selector?.matches($0.labels) ?? true }
        let management = fleet.managementClusters
        return manifestMistakes + taken.flatMap(mistakes)
            + (taken + management).compactMap(underscoreMistake)
    }

    private var manifestMistakes: [ConfigurationMistake] {
        let (given, sources) = (takeover.value.manifests, takeover.sources)
        let unknown = given.keys.filter { !Self.manifestRoles.contains($0) }.sorted().map { role in
            ConfigurationMistake.unknownManifestRole(
                role, known: Self.manifestRoles, at: sources["manifests", role])
        }
        guard let needed = Self.manifestRoles.first, !takeover.hasManifest(needed) else {
            return unknown
        }
        return unknown + [.missingManifest(needed, at: sources["manifests"])]
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

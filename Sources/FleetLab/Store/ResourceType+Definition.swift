import FleetModel

extension ResourceType {
    /// The kind that a CustomResourceDefinition (apiextensions.k8s.io/v1) declares.
    ///
    /// - Returns: `nil` when the definition lacks a name or a served version.
    init?(definition: JSON) {
        let spec = definition["spec"]
        let names = spec?["names"]
        let versions = (spec?["versions"]?.array ?? []).filter { $0["served"]?.bool != false }
        let stored = versions.first { $0["storage"]?.bool == true } ?? versions.first
        guard let group = spec?["group"]?.string, let plural = names?["plural"]?.string,
            let kind = names?["kind"]?.string, let stored, let version = stored["name"]?.string
        else { return nil }
        self.init(
            group: group, version: version,
            also: versions.compactMap { $0["name"]?.string }.filter { $0 != version },
            plural: plural, kind: kind,
            shortNames: names?["shortNames"]?.array?.compactMap(\.string) ?? [],
            categories: names?["categories"]?.array?.compactMap(\.string) ?? [],
            isNamespaced: spec?["scope"]?.string != "Cluster",
            subresources: Self.subresources(of: stored), hasGeneration: true, isCustom: true,
            columns: Self.columns(of: stored))
        if let singular = names?["singular"]?.string, !singular.isEmpty {
            self.singular = singular
        }
    }

    private static func subresources(of version: JSON) -> Set<Subresource> {
        var subresources: Set<Subresource> = []
        if version["subresources"]?["status"] != nil { subresources.insert(.status) }
        if version["subresources"]?["scale"] != nil { subresources.insert(.scale) }
        return subresources
    }

    private static func columns(of version: JSON) -> [PrinterColumn] {
        (version["additionalPrinterColumns"]?.array ?? []).compactMap { column in
            guard let name = column["name"]?.string, let path = column["jsonPath"]?.string else {
                return nil
            }
            return PrinterColumn(
                name: name, type: column["type"]?.string ?? "string", path: path,
                priority: column["priority"]?.int ?? 0)
        }
    }
}

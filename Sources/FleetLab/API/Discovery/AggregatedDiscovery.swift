import FleetModel

/// All of discovery in one document (apidiscovery.k8s.io), for clients that know to ask:
/// it saves them a request for every group version.
struct AggregatedDiscovery {
    private let groups: [APIGroup]

    init(_ groups: [APIGroup]) {
        self.groups = groups
    }

    /// - Returns: `nil` when the client wants the older documents.
    func respond(to request: APIRequest) -> APIResponse? {
        let offers = request.accept.split(separator: ",").map(MediaType.init)
        let version = offers.lazy.compactMap { offer -> String? in
            guard offer.name == "application/json", offer["g"] == "apidiscovery.k8s.io",
                offer["as"] == "APIGroupDiscoveryList", let version = offer["v"],
                version == "v2" || version == "v2beta1"
            else { return nil }
            return version
        }.first
        guard let version else { return nil }
        let isCore = request.segments.first == "api"
        let shown = groups.filter { $0.name.isEmpty == isCore }
        let document: JSON = [
            "kind": "APIGroupDiscoveryList", "metadata": [:],
            "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
            "items": .array(shown.map(Self.document)),
        ]
        return APIResponse(
            contentType: "application/json;g=apidiscovery.k8s.io;v=\(version)"
                + ";as=APIGroupDiscoveryList",
            bytes: JSONWriter.write(document))
    }

    private static func document(_ group: APIGroup) -> JSON {
        [
            "metadata": ["name": .string(group.name), "creationTimestamp": nil],
            "versions": .array(
                group.versions.map { version in
                    [
                        "version": .string(version), "freshness": "Current",
                        "resources": .array(
                            group.types(in: version).map { resource($0, version) }),
                    ]
                }),
        ]
    }

    private static func resource(_ type: ResourceType, _ version: String) -> JSON {
        var entry: JSON = [
            "resource": .string(type.plural), "singularResource": .string(type.singular),
            "responseKind": kind(type.group, version, type.kind),
            "scope": type.isNamespaced ? "Namespaced" : "Cluster",
            "verbs": .array(type.verbs.map(JSON.string)),
        ]
        for (field, words) in [("shortNames", type.shortNames), ("categories", type.categories)]
        where !words.isEmpty {
            entry[field] = .array(words.map(JSON.string))
        }
        let subresources = SubresourceEntry.all(of: type).map { subresource -> JSON in
            [
                "subresource": .string(subresource.name),
                "responseKind": kind(
                    subresource.group ?? type.group, subresource.version ?? version,
                    subresource.kind),
                "verbs": .array(subresource.verbs.map(JSON.string)),
            ]
        }
        if !subresources.isEmpty { entry["subresources"] = .array(subresources) }
        return entry
    }

    private static func kind(_ group: String, _ version: String, _ kind: String) -> JSON {
        ["group": .string(group), "version": .string(version), "kind": .string(kind)]
    }
}

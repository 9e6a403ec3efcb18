import FleetModel

/// Tells clients what there is: `/api`, `/apis` and everything above a resource.
struct Discovery {
    private let groups: [APIGroup]

    init(store: ClusterStore) {
        groups = APIGroup.groups(of: store.types)
    }

    func respond(to request: APIRequest) -> APIResponse {
        let segments = request.segments
        guard request.method == "GET" else { return APIResponse(.methodNotAllowed) }
        if segments.count == 1, let answer = AggregatedDiscovery(groups).respond(to: request) {
            return answer
        }
        switch (segments.first, segments.count) {
        case ("api", 1): return APIResponse(Self.coreVersions)
        case ("apis", 1): return APIResponse(groupList)
        case ("api", 2): return resources(of: "", segments[1])
        case ("apis", 2): return group(segments[1])
        case ("apis", 3): return resources(of: segments[1], segments[2])
        default: return APIServer.noPage
        }
    }

    /// What `/` lists.
    var paths: APIResponse {
        let versions = groups.filter { !$0.name.isEmpty }.flatMap { group in
            ["/apis/\(group.name)"] + group.versions.map { "/apis/\(group.name)/\($0)" }
        }
        let all =
            ["/api", "/api/v1", "/apis"] + versions.sorted()
            + ["/healthz", "/livez", "/openapi/v2", "/readyz", "/version"]
        return APIResponse(["paths": .array(all.map(JSON.string))])
    }

    private static let coreVersions: JSON = [
        "kind": "APIVersions", "versions": ["v1"],
        "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"]],
    ]

    private var groupList: JSON {
        [
            "kind": "APIGroupList", "apiVersion": "v1",
            "groups": .array(groups.filter { !$0.name.isEmpty }.map(Self.document)),
        ]
    }

    private static func document(_ group: APIGroup) -> JSON {
        let versions = group.versions.map { version -> JSON in
            [
                "groupVersion": .string(group.apiVersion(version)), "version": .string(version),
            ]
        }
        return [
            "name": .string(group.name), "versions": .array(versions),
            "preferredVersion": versions.first ?? .null,
        ]
    }

    private func group(_ name: String) -> APIResponse {
        guard !name.isEmpty, let group = groups.first(where: { $0.name == name }) else {
            return APIServer.noPage
        }
        var document = Self.document(group)
        document["kind"] = "APIGroup"
        document["apiVersion"] = "v1"
        return APIResponse(document)
    }

    private func resources(of name: String, _ version: String) -> APIResponse {
        guard let group = groups.first(where: { $0.name == name }),
            group.versions.contains(version)
        else { return APIServer.noPage }
        return APIResponse([
            "kind": "APIResourceList", "apiVersion": "v1",
            "groupVersion": .string(group.apiVersion(version)),
            "resources": .array(group.types(in: version).flatMap(Self.entries)),
        ])
    }

    private static func entries(of type: ResourceType) -> [JSON] {
        var entry: JSON = [
            "name": .string(type.plural), "singularName": .string(type.singular),
            "namespaced": .bool(type.isNamespaced), "kind": .string(type.kind),
            "verbs": .array(type.verbs.map(JSON.string)),
        ]
        for (field, words) in [("shortNames", type.shortNames), ("categories", type.categories)]
        where !words.isEmpty {
            entry[field] = .array(words.map(JSON.string))
        }
        return [entry]
            + SubresourceEntry.all(of: type).map { subresource in
                var entry: JSON = [
                    "name": .string("\(type.plural)/\(subresource.name)"), "singularName": "",
                    "namespaced": .bool(type.isNamespaced), "kind": .string(subresource.kind),
                    "verbs": .array(subresource.verbs.map(JSON.string)),
                ]
                if let group = subresource.group { entry["group"] = .string(group) }
                if let version = subresource.version { entry["version"] = .string(version) }
                return entry
            }
    }
}

/// One API group with everything it serves, as discovery tells it.
struct APIGroup: Sendable {
    var name: String
    /// The best first.
    var versions: [String]
    var types: [ResourceType]

    /// The groups of some types: the built-in ones in their own order, then the rest by name.
    static func groups(of types: [ResourceType]) -> [APIGroup] {
        let builtin = BuiltinTypes.all.map(\.group)
        let names = Dictionary(grouping: types, by: \.group)
        return names.map { name, types in
            let versions = Set(types.flatMap(\.servedVersions))
            return APIGroup(
                name: name, versions: versions.sorted { APIVersionRank($0) > APIVersionRank($1) },
                types: types.sorted { $0.plural < $1.plural })
        }.sorted { left, right in
            let leftRank = builtin.firstIndex(of: left.name) ?? builtin.count
            let rightRank = builtin.firstIndex(of: right.name) ?? builtin.count
            return (leftRank, left.name) < (rightRank, right.name)
        }
    }

    func types(in version: String) -> [ResourceType] {
        types.filter { $0.servedVersions.contains(version) }
    }

    func apiVersion(_ version: String) -> String { name.isEmpty ? version : "\(name)/\(version)" }
}

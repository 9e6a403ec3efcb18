import FleetModel

@testable import Takeovers

/// Whole clusters at the successive stages of a takeover.
///
/// A file holds every object once; a stage is a list of positions among them.
struct Scenarios: Sendable {
    /// The objects of every stage, by its path such as `bigbang-254/00-before`.
    let stages: [String: [JSON]]

    /// Files that have been read: they are large, and many tests want them.
    private static let known = Dictionary(
        uniqueKeysWithValues: ["gloo-takeover", "bigbang", "revision-canary"].map { name in
            (name, Result { try Scenarios(Fixture.document("scenarios/\(name)")) })
        })

    static func named(_ name: String) throws -> Scenarios {
        guard let scenarios = known[name] else { throw Fixture.Missing(name: name) }
        return try scenarios.get()
    }

    /// The stage at a path, whichever file it is in.
    static func stage(_ path: String) throws -> [JSON] {
        for scenarios in known.values {
            if let objects = try scenarios.get().stages[path] { return objects }
        }
        throw Fixture.Missing(name: path)
    }

    /// Every stage there is, in the order of the paths.
    static func all() throws -> [(path: String, objects: [JSON])] {
        try known.values.flatMap { try $0.get().stages.map { (path: $0.key, objects: $0.value) } }
            .sorted { $0.path < $1.path }
    }

    private init(_ file: JSON) {
        let pool = file.items("objects")
        stages = (file["stages"]?.object ?? [:]).mapValues { positions in
            (positions.array ?? []).compactMap { $0.int.map { pool[$0] } }
        }
    }

    /// The clusters of a stage that begins with a number: `gloo-takeover/10-…/cluster-1`.
    func checkpoint(_ number: String) throws -> Checkpoint {
        let paths = stages.filter { $0.key.split(separator: "/")[1].hasPrefix("\(number)-") }
        guard !paths.isEmpty else { throw Fixture.Missing(name: number) }
        return Checkpoint(stages: paths)
    }

    struct Checkpoint {
        let stages: [String: [JSON]]

        func objects(of cluster: String) throws -> [JSON] {
            guard let stage = stages.first(where: { $0.key.hasSuffix("/\(cluster)") }) else {
                throw Fixture.Missing(name: cluster)
            }
            return stage.value
        }
    }
}

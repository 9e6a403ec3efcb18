public import FleetModel
public import Foundation

/// A stage of a recorded takeover: the objects of each of its clusters.
///
/// The files hold every object once, and a stage is a list of positions among them.
public struct RecordedStage: Sendable, CustomStringConvertible {
    /// Such as `gloo-takeover/40-default-flipped-old-injector-still-active`.
    public let name: String
    /// By the name of the cluster; `edge-01` where there is but one.
    public let clusters: [String: [JSON]]

    public var description: String { name }

    public init(name: String, clusters: [String: [JSON]]) {
        (self.name, self.clusters) = (name, clusters)
    }

    /// Its namespaces, in any of its clusters.
    public var spaces: Set<String> {
        Set(
            clusters.values.joined().filter { $0["kind"] == "Namespace" }
                .compactMap { $0["metadata"]?["name"]?.string })
    }

    /// The stages of every takeover, of which a folder of tests has fixtures.
    ///
    /// - Throws: when a file isn't there, or no JSON.
    public static func all(below tests: URL) throws -> [RecordedStage] {
        let folder = tests.appending(path: "TakeoversTests/Fixtures/scenarios")
        return try ["bigbang", "gloo-takeover", "revision-canary"].flatMap { name in
            let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
            return stages(of: try JSONParser.parse(Array(data)))
        }
    }

    /// The stage whose name begins so.
    ///
    /// - Throws: when there is none, or its file is no JSON.
    public static func named(_ prefix: String, below tests: URL) throws -> RecordedStage {
        let stage = try all(below: tests).first { $0.name.hasPrefix(prefix) }
        guard let stage else { throw CocoaError(.fileNoSuchFile) }
        return stage
    }

    private static func stages(of document: JSON) -> [RecordedStage] {
        let pool = document["objects"]?.array ?? []
        var stages: [String: [String: [JSON]]] = [:]
        for (path, positions) in document["stages"]?.object ?? [:] {
            let parts = path.split(separator: "/").map(String.init)
            let objects = (positions.array ?? []).compactMap { $0.int.map { pool[$0] } }
            let name = parts.prefix(2).joined(separator: "/")
            stages[name, default: [:]][parts.count > 2 ? parts[2] : "edge-01"] = objects
        }
        return stages.sorted { $0.key < $1.key }
            .map { RecordedStage(name: $0.key, clusters: $0.value) }
    }

    /// Writes a file for each cluster, as somebody would who records a fleet, and removes them
    /// after use.
    public func written<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "recorded-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // What can't be removed is left to the host's own cleaning of /tmp.
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, objects) in clusters {
            let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
            try Data(list.description.utf8).write(to: directory.appending(path: "\(name).json"))
        }
        return try await body(directory)
    }
}

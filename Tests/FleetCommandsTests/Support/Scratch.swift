import Foundation

/// Directories that last as long as what uses them.
enum Scratch {
    static func directory<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "bellwether-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // What can't be removed is left to the host's own cleaning of /tmp.
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(directory)
    }
}

import Foundation

extension Project {
    /// A project with the files of `Example/`: eight clusters that nobody can reach.
    static func example<Value>(
        _ changes: [String: String] = [:], _ body: (Project) async throws -> Value
    ) async throws -> Value {
        let folder = Program.root.appending(path: "Tests/FleetCommandsTests/Example")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let files = try names.filter { $0.hasSuffix(".yaml") }.reduce(into: [:]) {
            $0[$1] = try String(contentsOf: folder.appending(path: $1), encoding: .utf8)
        }
        return try await with(files: files.merging(changes) { $1 }, body)
    }
}

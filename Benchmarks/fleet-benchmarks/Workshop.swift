import Foundation

/// Where the benchmarks work: our own program, the one that is shipped, and a
/// directory that goes when we are done.
struct Workshop: Sendable {
    /// This program.
    let program: String
    /// The release build of `bellwether` beside it.
    let bellwether: String
    /// Beside the build, so that the journal is on a disk and not in memory.
    let directory: URL

    init() throws {
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let folder = own.deletingLastPathComponent()
        program = own.path
        bellwether = folder.appending(path: "bellwether").path
        guard FileManager.default.isExecutableFile(atPath: bellwether) else {
            throw BenchmarkFailure("\(bellwether) is not there; use Benchmarks/run.")
        }
        directory = folder.appending(path: "benchmarks-\(getpid())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func close() throws { try FileManager.default.removeItem(at: directory) }

    /// A path nothing was at before.
    func newPath(_ name: String) throws -> String {
        let folder = directory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: name).path
    }

    /// Runs a part of the benchmarks in a process of its own, so that its
    /// memory is its own too.
    func child<Figures: Decodable>(
        _ arguments: [String], _ type: Figures.Type
    ) throws -> (figures: Figures, peakMemory: Int) {
        let end = try ChildProcess.run([program] + arguments)
        guard end.succeeded else {
            throw BenchmarkFailure(String(decoding: end.errors, as: UTF8.self))
        }
        return (try JSONDecoder().decode(type, from: end.output), end.peakMemory)
    }
}

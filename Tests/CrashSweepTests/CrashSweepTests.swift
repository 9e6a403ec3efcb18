import Foundation
import Testing

/// The real binary, journal and kubectl on a small lab; `make crash-sweep` does it at length.
@Suite(.enabled(if: ToolSearch.findsAll(["python3", "kubectl"]), "python3 and kubectl needed"))
struct CrashSweepTests {
    @Test func `a run killed twice ends as an undisturbed one`() async throws {
        let sweep = try await CrashSweep(moments: ["2"], kind: "sail").run()
        #expect(sweep.status == 0, "\(sweep.output)")
        #expect(sweep.output.contains("2 kills in "), "\(sweep.output)")
    }

    @Test func `killed at the beginning of every step, a run ends as an undisturbed one`()
        async throws
    {
        let sweep = try await CrashSweep(moments: ["--every-step"], kind: "bigbang").run()
        #expect(sweep.status == 0, "\(sweep.output)")
        #expect(sweep.output.contains("kills in 1 runs"), "\(sweep.output)")
    }
}

/// One call of Scripts/crash-sweep.
private struct CrashSweep {
    /// When the coordinator is killed.
    let moments: [String]
    let kind: String
    /// Lab seconds in a second. A Deployment's progress deadline is 600 of the lab's, which
    /// have to outlast the moments in which a busy machine lets the lab wait.
    private let speed = 60

    struct Result: Sendable {
        let status: Int32
        /// What it said, on both streams.
        let output: String
    }

    func run() async throws -> Result {
        let output = FileManager.default.temporaryDirectory
            .appending(path: "crash-sweep-\(UUID().uuidString).log")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }  // Its absence is as good.
        let status = try await status(of: process(writingTo: output))
        return Result(status: status, output: try String(contentsOf: output, encoding: .utf8))
    }

    private func process(writingTo output: URL) throws -> Process {
        let process = Process()
        process.executableURL = Self.root.appending(path: "Scripts/crash-sweep")
        process.arguments =
            moments + [
                "--kind", kind, "--clusters", "1", "--management", "1", "--speed", "\(speed)",
                "--soak", "1", "--seed", "7",
            ]
        process.environment = environment
        let log = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        return process
    }

    private func status(of process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    /// The binary that was built together with this test, unless one is named.
    private var environment: [String: String] {
        let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "bellwether").path
        return ProcessInfo.processInfo.environment.merging(["BELLWETHER": built]) { named, _ in
            named
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized
}

/// Looks for tools as a shell would.
private enum ToolSearch {
    static func findsAll(_ tools: [String]) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = path.split(separator: ":")
        return tools.allSatisfy { tool in
            directories.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
        }
    }
}

import FleetModel
import FleetRunner
import FleetTestKit
import Foundation

/// A directory of a test's own, and executors over it.
final class ScratchDirectory: Sendable {
    /// Unlike that of any other test, so that processes can be told apart by it.
    let name = "test-\(UUID().uuidString)"
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Opens one that a test made in another process.
    init(path: String) { self.path = path }

    /// Removes the directory, once everybody is done with it.
    func remove() {
        // What can't be removed is left to the host's own cleaning of /tmp.
        try? FileManager.default.removeItem(atPath: path)
    }

    var jobs: String { "\(path)/jobs" }
    var spill: String { "\(path)/spill" }

    var limits: LocalLimits {
        var limits = LocalLimits()
        limits.outputKept = 11 << 20
        limits.grace = .milliseconds(400)
        limits.spillDirectory = spill
        return limits
    }

    func executor(shell: [String] = ["/bin/sh"]) throws -> LocalExecutor {
        try executor(limits: limits, shell: shell)
    }

    func executor(
        limits: LocalLimits, shell: [String] = ["/bin/sh"]
    ) throws -> LocalExecutor {
        let secret = CommandExecutorContract.secret
        let environment = LocalEnvironment(
            from: ProcessInfo.processInfo.environment.merging([secret.name: secret.value]) { $1 })
        return try LocalExecutor(
            jobsDirectory: jobs, tools: ToolPaths(searchPath: environment.searchPath),
            environment: environment, limits: limits, shell: shell)
    }

    func text(_ name: String) -> String? {
        // A file that isn't there has no text.
        try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }
}

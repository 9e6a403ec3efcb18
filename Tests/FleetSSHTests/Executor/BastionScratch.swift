import FleetModel
import FleetSSH
import FleetTestKit
import Foundation
import Testing

/// A directory of a test's own that stands for a bastion's disk.
final class BastionScratch: Sendable {
    /// Unlike that of any other test, so that processes can be told apart by it.
    let name: String
    let path: String

    init() throws {
        name = "bastion-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true)
    }

    /// Opens one that a test made in another process.
    init(path: String) {
        self.path = path
        name = path.split(separator: "/").last.map(String.init) ?? ""
    }

    var home: String { "\(path)/home" }
    var jobs: String { "\(home)/jobs" }

    var bastion: Bastion {
        var bastion = Bastion("ams-jump")
        bastion.jobsDirectory = jobs
        return bastion
    }

    static let place = Command.Place.bastion("ams-jump")

    /// Limits in which the contract's clauses fit.
    static var limits: SSHLimits {
        var limits = SSHLimits()
        limits.outputKept = 11 << 20
        limits.grace = .milliseconds(400)
        limits.commandsAtOnce = 6
        return limits
    }

    func executor(
        _ transport: any BastionTransport, limits: SSHLimits = limits,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> SSHExecutor {
        SSHExecutor(
            [BastionAccess(bastion, through: transport)], limits: limits, clock: clock)
    }

    func text(_ name: String) -> String? {
        // A file that isn't there has no text.
        try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    func permissions(of name: String) -> Int? {
        // A file that isn't there has no permissions.
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.posixPermissions]
            as? Int
    }

    func names(in folder: String) -> [String] {
        // What isn't there holds nothing.
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }

    /// Waits for a file for a minute: what never comes is a failure, not a pause.
    func appears(_ name: String) async throws {
        for _ in 0..<6_000 where text(name) == nil {
            try await ContinuousClock().sleep(for: .milliseconds(10))
        }
        try #require(text(name) != nil, "\(name) never appeared")
    }

    /// What is left when everything has had time to end: a supervisor is there for a
    /// moment after its command.
    func remainingProcesses() async -> [String] {
        for _ in 0..<200 {
            if processes.isEmpty { return [] }
            // Nobody cancels a test.
            try? await ContinuousClock().sleep(for: .milliseconds(25))
        }
        return processes
    }

    /// Ends everything that was started here at once, jobs and their supervisors too.
    func killEverything() {
        var found: Set<Int32> = []
        // Stopped as soon as they are found, so that none of them has another child.
        while true {
            let all = Set(processes.compactMap { Int32($0.prefix { $0 != " " }) })
            let sessions = Set(all.map(getsid))
            let more = Self.pids.filter { all.contains($0) || sessions.contains(getsid($0)) }
            guard !found.isSuperset(of: more) else { break }
            for pid in more { kill(pid, SIGSTOP) }
            found.formUnion(more)
        }
        for pid in found { kill(pid, SIGKILL) }
    }

    private static var pids: [Int32] {
        // Without a readable /proc there are no processes to be seen.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap(
            Int32.init)
    }

    /// Processes whose arguments or environment name this bastion's disk.
    private var processes: [String] {
        Self.pids.compactMap { pid in
            let facts = ["cmdline", "environ"].map { Self.bytes("/proc/\(pid)/\($0)") }
            let isOurs = facts.contains { String(decoding: $0, as: UTF8.self).contains(name) }
            return isOurs ? "\(pid) \(String(decoding: facts[0], as: UTF8.self).prefix(300))" : nil
        }
    }

    private static func bytes(_ path: String) -> Data {
        // A process that has ended meanwhile has no files.
        (try? Data(contentsOf: URL(filePath: path))) ?? Data()
    }

    /// A folder with the tools that our scripts use, but for one.
    func folder(without tool: String) throws -> String {
        let folder = "\(path)/tools"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let tools = [
            "sh", "mkdir", "chmod", "cat", "wc", "mv", "rm", "rmdir", "head", "grep", "find",
            "setsid", "sleep", "env",
        ]
        for name in tools where name != tool {
            let target = ["/bin", "/usr/bin"].map { "\($0)/\(name)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: target ?? "/nowhere")
        }
        return folder
    }

    /// A folder whose `cat` says that it has `stalled`, and waits for the file `go`.
    func folderWithSlowCat() throws -> String {
        let folder = try folder(without: "cat")
        let script = """
            #!/bin/sh
            true >'\(path)/stalled'
            until [ -e '\(path)/go' ]; do sleep 0.02; done
            exec /bin/cat "$@"

            """
        try ExecutableFile.write(script, to: "\(folder)/cat")
        return folder
    }

    /// Makes a file look as if it was last changed long ago.
    func age(_ name: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
            ofItemAtPath: "\(path)/\(name)")
    }

    func remove() {
        // What can't be removed is left to the host's own cleaning of /tmp.
        try? FileManager.default.removeItem(atPath: path)
    }
}

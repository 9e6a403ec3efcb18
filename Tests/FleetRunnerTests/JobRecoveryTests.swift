import FleetModel
import Foundation
import Testing

@testable import FleetRunner

/// What is made of jobs whose supervisors or hosts did not survive.
struct JobRecoveryTests {
    /// Far enough in the future for everything to be old.
    private let later = Timestamp(milliseconds: 4_000_000_000_000)

    @Test func `an orphan is put down when it is taken up, and lost`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        let command = Command(
            [
                "sh", "-c", #"trap "" TERM; true > "$1"; while :; do sleep 0.1; done"#, "orphan",
                "\(scratch.path)/begun",
            ], isMutating: true)
        let run = Task { await executor.run(command, id: "orphan") }
        await waitForFile("begun", scratch, executor)
        try killSupervisors(of: "orphan", scratch)
        #expect(await run.value.ending == .lost(JobFacts.lossReason))
        let again = try scratch.executor()
        #expect(await again.run(command, id: "orphan").ending == run.value.ending)
        #expect(JobStore(directory: scratch.jobs).orphans(of: "orphan") == [])
    }

    @Test func `a job of before a reboot is lost, whoever has its pids now`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        let own = try #require(ProcessStat(of: getpid()))
        let me = "\(getpid()) \(own.startTime)"
        try scratch.writeFacts(
            "claim \(me) another-boot\nrecorder \(me)\nstarted 50.00\n", of: "old")
        let fate = await executor.fate(of: "old", at: .local)
        #expect(fate == .lost(JobFacts.lossReason))
        #expect(await executor.run(Command(["true"], isMutating: true), id: "old").ending.isLost)
    }

    @Test func `a claim that came to nothing is never started behind our back`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        try scratch.writeFacts("claim 2 1 another-boot\n", of: "abandoned")
        let command = Command(["touch", "\(scratch.path)/ran"], isMutating: true)
        let result = await executor.run(command, id: "abandoned")
        #expect(result.ending == .notStarted("its supervisor died before it began the command"))
        #expect(await executor.fate(of: "abandoned", at: .local) == .ended(result))
        #expect(scratch.text("ran") == nil)
    }

    @Test func `a stored result is found though its tool is gone`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        _ = try await scratch.executor().run(
            Command(["printf", "x"], isMutating: true), id: "kept")
        let toolless = try LocalExecutor(
            jobsDirectory: scratch.jobs, tools: ToolPaths(searchPath: "/nowhere"),
            environment: LocalEnvironment(from: [:]))
        let result = await toolless.run(Command(["printf", "x"], isMutating: true), id: "kept")
        #expect(result.stdoutText == "x")
    }

    @Test func `garbage is what is over and old`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        let running = Command(
            [
                "sh", "-c", #"true > "$1/begun"; until [ -e "$1/go" ]; do sleep 0.02; done"#,
                "running", scratch.path,
            ], isMutating: true)
        _ = await executor.run(Command(["true"], isMutating: true), id: "over")
        try FileManager.default.createDirectory(
            atPath: "\(scratch.jobs)/empty", withIntermediateDirectories: false)
        let run = Task { await executor.run(running, id: "running") }
        await waitForFile("begun", scratch, executor)

        executor.collectGarbage(olderThan: .seconds(1), now: Timestamp(milliseconds: 0))
        #expect(JobStore(directory: scratch.jobs).ids() == ["empty", "over", "running"])
        try Data().write(to: URL(filePath: "\(scratch.jobs)/.half-written"))
        executor.collectGarbage(olderThan: .seconds(1), keeping: ["over"], now: later)
        #expect(JobStore(directory: scratch.jobs).ids() == ["over", "running"])
        let hidden = try FileManager.default.contentsOfDirectory(atPath: scratch.jobs)
            .filter { $0.hasPrefix(".") }
        #expect(hidden == [".runner.sh"])
        executor.collectGarbage(olderThan: .seconds(1), now: later)
        #expect(JobStore(directory: scratch.jobs).ids() == ["running"])
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
        #expect(await run.value.ending == .exited(0))
    }

    @Test func `a half-discarded job is neither there nor in the way`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let executor = try scratch.executor()
        let remains = "\(scratch.jobs)/.discarded-a"
        try FileManager.default.createDirectory(
            atPath: "\(remains)/x", withIntermediateDirectories: true)
        _ = await executor.run(Command(["true"], isMutating: true), id: "a")
        await executor.acknowledge("a", at: .local)
        #expect(await executor.fate(of: "a", at: .local) == .unknown)
        #expect(!FileManager.default.fileExists(atPath: remains))
    }

    private func waitForFile(
        _ name: String, _ scratch: ScratchDirectory, _ executor: LocalExecutor
    ) async {
        let script = #"until [ -e "$1" ]; do sleep 0.02; done"#
        _ = await executor.run(
            Command(["sh", "-c", script, "wait", "\(scratch.path)/\(name)"], isMutating: false),
            id: "wait")
    }

    /// As an operator's stray `kill -9` of everything named `sh` would.
    private func killSupervisors(of id: CommandID, _ scratch: ScratchDirectory) throws {
        let facts = try #require(JobStore(directory: scratch.jobs).facts(of: id))
        for process in [facts.claim, facts.recorder] {
            try #require(process).send(SIGKILL)
        }
    }
}

extension CommandResult.Ending {
    fileprivate var isLost: Bool {
        if case .lost = self { true } else { false }
    }
}

extension ScratchDirectory {
    func writeFacts(_ text: String, of id: CommandID) throws {
        try FileManager.default.createDirectory(
            atPath: "\(jobs)/\(id)", withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: "\(jobs)/\(id)/facts"))
    }

    func permissions(of name: String) -> Int? {
        // A file that isn't there has no permissions.
        (try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)"))?[.posixPermissions]
            as? Int
    }
}

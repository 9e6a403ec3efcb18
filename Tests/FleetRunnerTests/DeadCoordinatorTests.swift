import FleetModel
import FleetRunner
import Foundation
import Testing

/// The coordinator is a process of its own here, and is really killed.
struct DeadCoordinatorTests {
    @Test func `a job and its outcome survive kill -9 of the coordinator`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await DyingCoordinator(path: path).startAndDie()
        }
        let executor = try scratch.executor()
        #expect(scratch.text("ran") == "ran\n")
        #expect(await executor.fate(of: "killed", at: .local) == .running)
        try Data().write(to: URL(filePath: "\(path)/go"))
        let result = await executor.run(DyingCoordinator.job(path), id: "killed")
        #expect(result.ending == .exited(7))
        #expect(result.stdoutText == "begun\n")
        #expect(result.stderrText == "a manifest")
        #expect(scratch.text("ran") == "ran\n")
    }

    @Test func `a job ends at its deadline though the coordinator is dead`() async throws {
        let scratch = try ScratchDirectory()
        defer { scratch.remove() }
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            try await DyingCoordinator(path: path).startAndDie(deadline: .milliseconds(700))
        }
        let executor = try scratch.executor()
        // Only waits: what ends the job is its own guard.
        let result = await executor.run(DyingCoordinator.job(path), id: "killed")
        #expect(result.ending == .timedOut)
        #expect(scratch.text("ran") == "ran\n")
    }
}

/// What the process that gets killed does.
private struct DyingCoordinator {
    let path: String

    static func job(_ path: String, deadline: Duration = .minutes(10)) -> Command {
        let script = #"""
            echo ran >> "$1/ran"
            echo begun
            cat >&2
            true > "$1/begun"
            until [ -e "$1/go" ]; do sleep 0.02; done
            exit 7
            """#
        return Command(
            ["sh", "-c", script, "job", path], stdin: "a manifest", deadline: deadline,
            isMutating: true)
    }

    func startAndDie(deadline: Duration = .minutes(10)) async throws {
        let executor = try ScratchDirectory(path: path).executor()
        let job = Self.job(path, deadline: deadline)
        let run = Task { await executor.run(job, id: "killed") }
        let wait = Command(
            ["sh", "-c", #"until [ -e "$1" ]; do sleep 0.02; done"#, "wait", "\(path)/begun"],
            isMutating: false)
        _ = await executor.run(wait, id: "wait")
        kill(getpid(), SIGKILL)
        _ = await run.value
    }
}

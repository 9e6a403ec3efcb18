import FleetModel
import FleetRunner
import FleetSSH
import Foundation
import Testing

/// A bastion whose disk has no room left: a small one, mounted by the test.
struct FullDiskTests {
    private func withSmallDisk(_ body: (BastionScratch) async throws -> Void) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        try FileManager.default.createDirectory(
            atPath: scratch.jobs, withIntermediateDirectories: true)
        let mounted = await TestProgram.run(
            "/bin/mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "small", scratch.jobs])
        guard mounted == .exited(0) else {
            print("skipped: only root can mount a small disk")
            return
        }
        do {
            try await body(scratch)
        } catch {
            Issue.record(error)
        }
        _ = await TestProgram.run("/bin/umount", ["-l", scratch.jobs])
    }

    private func fill(_ scratch: BastionScratch) async {
        _ = await TestProgram.run(
            "/bin/sh", ["-c", "cat /dev/zero > \(scratch.jobs)/.filling 2>/dev/null"])
    }

    @Test func `a job that finds no room is refused, and a read needs none`() async throws {
        try await withSmallDisk { scratch in
            let executor = scratch.executor(ShellTransport(scratch))
            _ = await executor.run(job(scratch, isMutating: true), id: "before")
            await fill(scratch)
            let refused = await executor.run(job(scratch, isMutating: true), id: "full")
            #expect(refused.isNotStarted(saying: "can't be written to"), "\(refused.ending)")
            #expect(refused.isNotStarted(saying: "No space left"), "\(refused.ending)")
            let read = await executor.run(job(scratch, isMutating: false), id: "read")
            #expect(read.ending == .exited(0))
            #expect(scratch.text("ran") == "ran\nran\n")
        }
    }

    @Test func `a job that ends on a full disk tells so when there is room again`() async throws {
        try await withSmallDisk { scratch in
            let executor = scratch.executor(ShellTransport(scratch))
            _ = await executor.run(job(scratch, isMutating: true), id: "before")
            let script = #"true > "$1/begun"; until [ -e "$1/go" ]; do sleep 0.02; done; exit 7"#
            let slow = Command(
                ["sh", "-c", script, "slow", scratch.path], place: BastionScratch.place,
                isMutating: true)
            let run = Task { await executor.run(slow, id: "slow") }
            try await scratch.appears("begun")
            await fill(scratch)
            try Data().write(to: URL(filePath: "\(scratch.path)/go"))
            try FileManager.default.removeItem(atPath: "\(scratch.jobs)/.filling")
            #expect(await run.value.ending == .exited(7))
        }
    }

    private func job(_ scratch: BastionScratch, isMutating: Bool) -> Command {
        Command(
            ["sh", "-c", #"cat > /dev/null; echo ran >> "$1/ran""#, "job", scratch.path],
            stdin: "a manifest", place: BastionScratch.place, isMutating: isMutating)
    }
}

import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// What the job script does on a bastion, seen from the executor.
struct BastionJobsTests {
    private let place = BastionScratch.place

    private func touch(_ scratch: BastionScratch) -> Command {
        Command(
            ["sh", "-c", #"echo ran >> "$1/ran""#, "touch", scratch.path], place: place,
            isMutating: true)
    }

    @Test func `a job costs one line once the script is there`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        let executor = scratch.executor(transport)
        _ = await executor.run(touch(scratch), id: "first")
        #expect(transport.sent.count == 3, "asked, installed, asked again")
        _ = await executor.run(touch(scratch), id: "second")
        #expect(transport.sent.count == 4)
        _ = await scratch.executor(transport).run(touch(scratch), id: "third")
        #expect(transport.sent.count == 5, "another executor finds the script there")
    }

    @Test func `many first jobs install the script once`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        let executor = scratch.executor(transport)
        await withTaskGroup { group in
            for number in 0..<6 {
                group.addTask {
                    _ = await executor.run(touch(scratch), id: CommandID("j\(number)"))
                }
            }
        }
        #expect(scratch.text("ran") == String(repeating: "ran\n", count: 6))
        #expect(transport.sent.filter { $0.contains("mkdir -p") }.count < 6)
        #expect(scratch.names(in: "home/jobs").filter { $0.hasSuffix(".sh") }.count == 1)
        #expect(scratch.permissions(of: "home/jobs") == 0o700)
        #expect(scratch.names(in: "home/jobs").contains("j0.facts"))
    }

    @Test func `one listing answers for all commands that never got there`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        _ = await scratch.executor(transport).run(touch(scratch), id: "known")
        let resumed = scratch.executor(transport)
        let before = transport.sent.count
        for number in 0..<20 {
            #expect(await resumed.fate(of: CommandID("new\(number)"), at: place) == .unknown)
        }
        #expect(transport.sent.count == before + 1)
        #expect(await resumed.fate(of: "known", at: place) != .unknown)
    }

    @Test func `where the script never was, every job is unknown`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        #expect(await scratch.executor(transport).fate(of: "a", at: place) == .unknown)
        #expect(scratch.names(in: "home") == [], "asking leaves nothing behind")
    }

    @Test func `a start that comes late does not repeat what was acknowledged`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        let executor = scratch.executor(transport)
        _ = await executor.run(touch(scratch), id: "a")
        let start = try #require(transport.sent.last)
        await executor.acknowledge("a", at: place)
        _ = try await transport.run(start, stdin: [], into: Deaf())
        #expect(scratch.text("ran") == "ran\n")
        #expect(
            await executor.run(touch(scratch), id: "a").isNotStarted(saying: "acknowledged"))
    }

    @Test func `a start that was overtaken begins nothing once it goes on`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        let executor = scratch.executor(transport)
        let command = Command(
            ["sh", "-c", #"cat >> "$1/ran""#, "keep", scratch.path], stdin: "ran\n", place: place,
            isMutating: true)
        _ = await executor.run(command, id: "warm")
        let start = try #require(transport.sent.last).replacing("warm", with: "slow")
        let slow = ShellTransport(scratch, folder: try scratch.folderWithSlowCat())
        let late = Task { try await slow.run(start, stdin: Array("ran\n".utf8), into: Deaf()) }
        try await scratch.appears("stalled")
        _ = await executor.run(command, id: "slow")
        await executor.acknowledge("slow", at: place)
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
        _ = try await late.value
        #expect(scratch.text("ran") == "ran\nran\n", "the warm one, and the slow one once")
        #expect(await executor.fate(of: "slow", at: place) == .unknown)
    }

    @Test func `a guard that wakes late brings nothing back`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        let script = #"true > "$1/begun"; until [ -e "$1/go" ]; do sleep 0.02; done"#
        let command = Command(
            ["sh", "-c", script, "job", scratch.path], place: place, isMutating: true)
        let run = Task { await executor.run(command, id: "a") }
        try await scratch.appears("begun")
        let claim = scratch.text("home/jobs/a.facts")?.split(separator: " ").dropFirst().first
        let watcher = try #require(claim.flatMap { Int32($0) })
        kill(watcher, SIGSTOP)
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
        #expect(await run.value.ending == .exited(0))
        await executor.acknowledge("a", at: place)
        kill(watcher, SIGCONT)
        #expect(await scratch.remainingProcesses() == [])
        #expect(scratch.names(in: "home/jobs").filter { $0.hasPrefix("a.") } == [])
        #expect(await executor.fate(of: "a", at: place) == .unknown)
    }

    @Test func `a job stopped before it began never begins`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        let executor = scratch.executor(transport)
        _ = await executor.run(touch(scratch), id: "warm")
        let start = try #require(transport.sent.last).replacing("warm", with: "late")
        let lossy = StartLosingTransport(transport)
        let run = Task { await scratch.executor(lossy).run(touch(scratch), id: "late") }
        await lossy.hasLost.value
        run.cancel()
        #expect(await run.value.isNotStarted(saying: "cancelled"))
        _ = try await transport.run(start, stdin: [], into: Deaf())
        #expect(scratch.text("ran") == "ran\n", "only the one before ran")
    }

    @Test func `a refusal after a lost start is made to last`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = ShellTransport(scratch)
        _ = await scratch.executor(transport).run(touch(scratch), id: "warm")
        let start = try #require(transport.sent.last).replacing("warm", with: "late")
        let lossy = StartLosingTransport(transport, losses: 1)
        let missing = Command(["no-such-tool"], place: place, isMutating: true)
        let result = await scratch.executor(lossy).run(missing, id: "late")
        #expect(result.isNotStarted(saying: "no-such-tool"), "\(result.ending)")
        _ = try await transport.run(start, stdin: [], into: Deaf())
        #expect(scratch.text("ran") == "ran\n", "only the one before ran")
    }

    @Test func `a job known to run is in doubt when its bastion is gone`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let transport = GoneTransport(ShellTransport(scratch))
        let script = #"true > "$1/begun"; until [ -e "$1/go" ]; do sleep 0.02; done"#
        let command = Command(
            ["sh", "-c", script, "job", scratch.path], place: place, isMutating: true)
        let earlier = Task { await scratch.executor(transport).run(command, id: "a") }
        try await scratch.appears("begun")
        var limits = BastionScratch.limits
        limits.connectPatience = .seconds(300)
        let resumed = scratch.executor(transport, limits: limits, clock: HurriedClock())
        try #require(await resumed.fate(of: "a", at: place) == .running)
        transport.leave()
        #expect(await resumed.run(command, id: "a").isLost)
        let never = await resumed.run(touch(scratch), id: "b")
        #expect(never.isNotStarted(saying: "gone"), "\(never.ending)")
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
        #expect(await earlier.value.ending == .exited(0))
    }

    /// All at once, again and again: whoever waits for a telling must not be kept busy by
    /// one that is over.
    @Test func `many acknowledgements at once are all told`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        for round in 0..<5 {
            await withTaskGroup { group in
                for number in 0..<12 {
                    let id = CommandID("\(round).\(number)")
                    group.addTask {
                        _ = await executor.run(touch(scratch), id: id)
                        await executor.acknowledge(id, at: place)
                    }
                }
            }
        }
        let jobs = try FileManager.default.contentsOfDirectory(atPath: scratch.jobs)
        #expect(jobs.filter { !$0.hasPrefix(".") } == [])
    }

    @Test func `a cancelled job does not wait for a silent bastion for ever`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        var limits = BastionScratch.limits
        limits.patience = .milliseconds(100)
        let silent = SilentTransport()
        let executor = scratch.executor(silent, limits: limits)
        let run = Task { await executor.run(touch(scratch), id: "a") }
        await silent.wasAsked.value
        run.cancel()
        #expect(await run.value.isLost)
    }

    @Test(arguments: ["setsid", "env", "sleep"])
    func `a bastion that lacks a tool is told which`(tool: String) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let folder = try scratch.folder(without: tool)
        let transport = ShellTransport(scratch, onlyPath: folder)
        let result = await scratch.executor(transport).run(touch(scratch), id: "a")
        #expect(result.isNotStarted(saying: "ams-jump\" lacks \(tool)"), "\(result.ending)")
        #expect(scratch.text("ran") == nil)
    }

    @Test func `a jobs directory that can't be is refused in words`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        try Data().write(to: URL(filePath: scratch.jobs))
        let result = await scratch.executor(ShellTransport(scratch)).run(touch(scratch), id: "a")
        #expect(result.isNotStarted(saying: "can't be used"), "\(result.ending)")
        #expect(result.isNotStarted(saying: "File exists"), "\(result.ending)")
    }

    @Test func `words too long for a line go by stdin, with stdin after them`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let words = (0..<400).map { "it's\n\($0) " + String(repeating: "\"$x`\\\n", count: 40) }
        let script = #"printf '%s\0' "$@"; cat"#
        for isMutating in [true, false] {
            let transport = ShellTransport(scratch)
            let result = await scratch.executor(transport).run(
                Command(
                    ["sh", "-c", script, "long"] + words, stdin: "stdin", place: place,
                    isMutating: isMutating), id: "long")
            let expected = words.flatMap { (word: String) -> [UInt8] in word.utf8 + [0] }
            #expect(result.stdout == expected + "stdin".utf8, "\(result.ending)")
            #expect(transport.sent.allSatisfy { $0.utf8.count <= 30_000 })
        }
    }

    @Test func `the inventory's tools and variables count on the bastion`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        var bastion = scratch.bastion
        bastion.tools = ["kubectl": "/bin/echo"]
        bastion.environment = ["MESH": "it's mine", "PATH": "/bin:/usr/bin"]
        let executor = SSHExecutor([BastionAccess(bastion, through: ShellTransport(scratch))])
        for isMutating in [true, false] {
            let told = await executor.run(
                Command(["kubectl", "get"], place: place, isMutating: isMutating),
                id: CommandID("t\(isMutating)"))
            #expect(told.stdoutText == "get\n", "\(told.ending)")
            let seen = await executor.run(
                Command(
                    ["sh", "-c", #"echo "$MESH $PATH""#], place: place, isMutating: isMutating),
                id: CommandID("e\(isMutating)"))
            #expect(seen.stdoutText == "it's mine /bin:/usr/bin\n", "\(seen.ending)")
        }
    }

    @Test func `a job is run as a read is`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        let script =
            "umask; pwd; env | sort | grep -v BELLWETHER_JOB; grep SigBlk /proc/self/status"
        var results: [CommandResult] = []
        for isMutating in [false, true] {
            let command = Command(["sh", "-c", script], place: place, isMutating: isMutating)
            results.append(await executor.run(command, id: "same"))
        }
        #expect(results[0].stdoutText == results[1].stdoutText)
        #expect(results[0].succeeded)
    }

    @Test(arguments: [false, true])
    func `who cancels a command is told what was ended`(isMutating: Bool) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        let script = #"true > "$1/begun"; sleep 300"#
        let command = Command(
            ["sh", "-c", script, "job", scratch.path], place: place, isMutating: isMutating)
        let run = Task { await executor.run(command, id: "job") }
        try await scratch.appears("begun")
        run.cancel()
        let result = await run.value
        #expect(result.ending == .cancelled)
        #expect(result.namesKilled == ["sh", "sleep"], "\(result.killed)")
    }

    @Test(arguments: [false, true])
    func `what a deadline ended is told`(isMutating: Bool) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        let command = Command(
            ["sh", "-c", "sleep 300; true"], place: place, deadline: .seconds(1),
            isMutating: isMutating)
        let result = await executor.run(command, id: "job")
        #expect(result.ending == .timedOut)
        #expect(result.namesKilled == ["sh", "sleep"], "\(result.killed)")
    }

    @Test func `garbage that is still wanted stays`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        for id in ["wanted", "want", "other"] {
            _ = await executor.run(touch(scratch), id: CommandID(id))
            try scratch.age("home/jobs/\(id).facts")
        }
        await executor.collectGarbage(
            at: "ams-jump", olderThan: .minutes(60), keeping: ["wanted", "never there"])
        let left = scratch.names(in: "home/jobs").filter { !$0.hasPrefix(".") }
        #expect(Set(left.map { $0.prefix { $0 != "." } }) == ["wanted"])
        guard case .ended = await executor.fate(of: "wanted", at: place) else {
            Issue.record("a result that is wanted was collected")
            return
        }
    }

    @Test func `garbage is what is over, and the script stays`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(ShellTransport(scratch))
        _ = await executor.run(touch(scratch), id: "over")
        let running = Command(
            [
                "sh", "-c", #"true > "$1/begun"; until [ -e "$1/go" ]; do sleep 0.02; done"#,
                "running", scratch.path,
            ], place: place, isMutating: true)
        let run = Task { await executor.run(running, id: "running") }
        let wait = #"until [ -e "$1/begun" ]; do sleep 0.02; done"#
        _ = await executor.run(
            Command(["sh", "-c", wait, "wait", scratch.path], place: place, isMutating: false),
            id: "wait")
        try scratch.age("home/jobs/over.facts")
        try scratch.age("home/jobs/running.facts")
        try Data().write(to: URL(filePath: "\(scratch.jobs)/half-gone.out"))
        try scratch.age("home/jobs/half-gone.out")
        await executor.collectGarbage(at: "ams-jump", olderThan: .minutes(60))
        let left = scratch.names(in: "home/jobs")
        #expect(
            left.filter { !$0.hasPrefix(".") } == ["running.err", "running.facts", "running.out"])
        #expect(left.contains { $0.hasSuffix(".sh") })
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
        #expect(await run.value.ending == .exited(0))
    }
}

extension CommandResult {
    func isNotStarted(saying text: String) -> Bool {
        switch ending {
        case .notStarted(let reason), .unreachable(let reason): reason.contains(text)
        default: false
        }
    }
}

extension CommandResult {
    fileprivate var namesKilled: Set<Substring> {
        Set(killed.compactMap { $0.split(separator: " ").last })
    }
}

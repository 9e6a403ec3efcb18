import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Many lines through one channel of a real sshd.
@Suite(.serialized) struct DispatcherTests {
    /// One connection, and a dispatcher as soon as a line waits.
    private static var limits: PoolLimits {
        var limits = PoolLimits.dispatching
        limits.connections = 1
        return limits
    }

    private func start(_ options: TestSSHD.Options = .init()) async throws -> TestBastion {
        let bastion = try await TestBastion.start(options, limits: Self.limits)
        // The first lines find no dispatcher yet.
        for _ in 0..<200 {
            let transcript = Transcript()
            _ = try await bastion.run(whoRunsMe, into: transcript)
            if transcript.stdout.contains("bellwether") { break }
        }
        return bastion
    }

    /// The arguments of the line's parent: sshd, or the shell that dispatches.
    private let whoRunsMe = #"tr '\0' ' ' </proc/$PPID/cmdline"#

    private func isDispatched(_ bastion: TestBastion) async throws -> Bool {
        let transcript = Transcript()
        _ = try await bastion.run(whoRunsMe, into: transcript)
        return transcript.stdout.contains("bellwether")
    }

    @Test(arguments: PosixShell.allCases)
    func `every shell keeps lines apart`(shell: PosixShell) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        guard let folder = try shell.folder(in: scratch.path) else { return }
        var options = TestSSHD.Options()
        options.lines = ["SetEnv PATH=\(folder):/usr/bin:/bin TMPDIR=\(scratch.path) SHLVL=1"]
        let bastion = try await start(options)
        defer { bastion.stop() }
        try #require(try await isDispatched(bastion))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 { group.addTask { await expectOwnAnswer(number, bastion) } }
        }
        await bastion.connections.close()
        try await patiently { scratch.names(in: "").allSatisfy { !$0.hasPrefix(".bellwether") } }
        #expect(scratch.names(in: "").allSatisfy { !$0.hasPrefix(".bellwether") })
    }

    /// Status, both streams and stdin of a line are its own.
    private func expectOwnAnswer(_ number: Int, _ bastion: TestBastion) async {
        let transcript = Transcript()
        let stdin = number % 3 == 0 ? [] : [UInt8](repeating: UInt8(number), count: number * 600)
        let line = """
            printf 'a\\0%s\\n' "é \(number)
             \\$x  "; cat; echo e\(number) >&2; exit \(number)
            """
        do {
            let exit = try await bastion.run(line, stdin: stdin, into: transcript)
            #expect(exit == .exited(Int32(number)))
        } catch {
            Issue.record("line \(number): \(error)")
        }
        #expect(transcript.bytes(.stdout) == Array("a\0é \(number)\n $x  \n".utf8) + stdin)
        #expect(transcript.stderr == "e\(number)\n")
    }

    @Test func `megabytes come whole, whatever they are`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        try #require(try await isDispatched(bastion))
        let transcript = Transcript()
        let line = "sleep 0.7; head -c 3000000 /dev/urandom | tee /proc/self/fd/2"
        #expect(try await bastion.run(line, into: transcript) == .exited(0))
        #expect(transcript.bytes(.stdout).count == 3_000_000)
        #expect(transcript.bytes(.stdout) == transcript.bytes(.stderr))
    }

    @Test func `what a line prints first is told before its end, and once`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let line = "echo begun; sleep 2; echo went"
        let run = Task { await bastion.transport.failure(of: line, into: transcript) }
        await transcript.somethingArrived()
        #expect(transcript.stdout == "begun\n")
        #expect(await run.value == nil)
        #expect(transcript.stdout == "begun\nwent\n")
    }

    @Test func `a line that is given up leaves the others alone`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let given = Task {
            await bastion.transport.failure(of: "echo begun; sleep 30", into: transcript)
        }
        await transcript.somethingArrived()
        given.cancel()
        #expect(await given.value == .cancelled)
        #expect(try await isDispatched(bastion))
    }

    @Test func `a line leads a session of its own`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let line =
            "read -r pid name state parent group session rest </proc/$$/stat; "
            + "echo $pid $group $session"
        _ = try await bastion.run(line, into: transcript)
        let numbers = transcript.stdout.split(whereSeparator: \.isWhitespace)
        #expect(numbers.count == 3 && Set(numbers).count == 1, "\(transcript.stdout)")
    }

    @Test func `a signal is not taken for a status`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        try #require(try await isDispatched(bastion))
        #expect(try await bastion.run("kill -s KILL $$") == .unknown)
        #expect(try await bastion.run("exit 128") == .exited(128))
    }

    @Test func `lines in flight are lost with the connection, and then all goes on`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let line = Task {
            await bastion.transport.failure(of: "echo a; sleep 60", into: transcript)
        }
        await transcript.somethingArrived()
        bastion.server.killSessions()
        #expect(await line.value?.isNotSent == false)
        #expect(try await bastion.run("exit 4") == .exited(4))
    }

    @Test func `the dispatching shell's death loses its lines and nothing else`() async throws {
        let bastion = try await start()
        defer { bastion.stop() }
        let parent = Transcript()
        _ = try await bastion.run(
            "read -r p n s parent rest </proc/$PPID/stat; echo $parent", into: parent)
        let failure = await bastion.transport.failure(
            of: "kill -s KILL \(parent.stdout.filter(\.isNumber)); sleep 60")
        #expect(failure?.isNotSent == false)
        #expect(try await bastion.run("exit 4") == .exited(4))
        #expect(bastion.server.logins == 1)
    }

    @Test func `a dispatching shell that was killed leaves nothing but what its lines run`()
        async throws
    {
        let bastion = try await start()
        defer { bastion.stop() }
        let facts = Transcript()
        _ = try await bastion.run(
            #"""
            read -r p n s parent rest </proc/$PPID/stat
            echo $parent; tr '\0' '\n' </proc/$PPID/cmdline | tail -n 1
            """#, into: facts)
        let words = facts.stdout.split(separator: "\n").map(String.init)
        try #require(words.count == 2)
        _ = await bastion.transport.failure(of: "kill -s KILL \(words[0]); sleep 0.2")
        let folder = "\(bastion.server.directory)/.bellwether-\(words[1])"
        let isGone = {
            !FileManager.default.fileExists(atPath: folder) && !Self.runs(words[1])
        }
        try await patiently { isGone() }
        #expect(isGone())
    }

    /// Whether a process has the word among its arguments.
    private static func runs(_ word: String) -> Bool {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return pids.contains { pid in
            // What has ended meanwhile has no file, and what is no process has none either.
            let arguments = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            return String(decoding: arguments, as: UTF8.self).contains(word)
        }
    }

    @Test(arguments: ["setsid", "mkfifo", "dd"])
    func `a bastion that lacks a tool gets its lines by channels`(tool: String) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let folder = try scratch.folder(without: tool)
        var options = TestSSHD.Options()
        options.lines = ["SetEnv PATH=\(folder) SHLVL=1"]
        let bastion = try await TestBastion.start(options, limits: Self.limits)
        defer { bastion.stop() }
        for number in 0..<20 {
            #expect(try await bastion.run("exit \(number)") == .exited(Int32(number)))
        }
    }

    @Test func `a forced command gets its lines by channels`() async throws {
        var options = TestSSHD.Options()
        options.authorizedKeyOptions = #"command="exit 6""#
        let bastion = try await TestBastion.start(options, limits: Self.limits)
        defer { bastion.stop() }
        for _ in 0..<5 { #expect(try await bastion.run("true") == .exited(6)) }
    }
}

extension PoolLimits {
    /// As on the slowest link: no line waits for long without a dispatcher.
    static var dispatching: PoolLimits {
        var limits = PoolLimits()
        (limits.dispatch.roundTrip, limits.dispatch.backlog) = (.zero, 0)
        return limits
    }
}

import FleetModel
import FleetRunner
import FleetSSH
import FleetTestKit
import Foundation
import Testing

/// The executor's promises on the bad days of a real sshd.
@Suite(.serialized) struct RealServerTests {
    private let place = BastionScratch.place

    private func withServer(
        _ way: Way, _ options: TestSSHD.Options = TestSSHD.Options(),
        _ body: (TestSSHD, any BastionTransport, BastionScratch) async throws -> Void
    ) async throws {
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let opened = try way.open(server)
        try await body(server, opened.transport, scratch)
        await opened.close()
        #expect(await scratch.remainingProcesses() == [])
    }

    private func job(_ scratch: BastionScratch, isMutating: Bool = true) -> Command {
        let script = #"""
            echo ran >> "$1/ran"
            echo begun
            true > "$1/begun"
            until [ -e "$1/go" ]; do sleep 0.02; done
            exit 7
            """#
        return Command(
            ["sh", "-c", script, "job", scratch.path], place: place, isMutating: isMutating)
    }

    private func begun(_ scratch: BastionScratch) async throws {
        try await scratch.appears("begun")
    }

    private func letGo(_ scratch: BastionScratch) throws {
        try Data().write(to: URL(filePath: "\(scratch.path)/go"))
    }

    @Test(arguments: Way.allCases)
    func `a job outlives its connection and is taken up again`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            let run = Task { await scratch.executor(transport).run(job(scratch), id: "job") }
            try await begun(scratch)
            server.killSessions()
            try await server.restart()
            try letGo(scratch)
            let result = await run.value
            #expect(result.ending == .exited(7))
            #expect(result.stdoutText == "begun\n")
            #expect(scratch.text("ran") == "ran\n")
        }
    }

    @Test(arguments: Way.allCases)
    func `a read is lost with its connection, and not left running there`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            let executor = scratch.executor(transport)
            let run = Task { await executor.run(job(scratch, isMutating: false), id: "read") }
            try await begun(scratch)
            // A dispatcher tells who leads a line only when it is asked, after half a second.
            if way == .dispatched { try await ContinuousClock().sleep(for: .seconds(3)) }
            server.killSessions()
            let result = await run.value
            #expect(result.isLost, "\(result.ending)")
            #expect(scratch.text("ran") == "ran\n")
            // By a line of the executor's own, over another connection.
            #expect(await scratch.remainingProcesses() == [])
        }
    }

    @Test(arguments: Way.allCases)
    func `a bastion that falls silent and wakes up again loses nothing`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            let executor = scratch.executor(transport)
            let run = Task { await executor.run(job(scratch), id: "job") }
            try await begun(scratch)
            server.suspend()
            try letGo(scratch)
            try await ContinuousClock().sleep(for: .milliseconds(300))
            server.resume()
            #expect(await run.value.ending == .exited(7))
            #expect(scratch.text("ran") == "ran\n")
        }
    }

    @Test(arguments: Way.allCases)
    func `a silent bastion can't hold a read beyond its deadline`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            var limits = BastionScratch.limits
            limits.patience = .milliseconds(300)
            let executor = scratch.executor(transport, limits: limits)
            var read = job(scratch, isMutating: false)
            read.deadline = .milliseconds(800)
            let run = Task { [read] in await executor.run(read, id: "read") }
            try await begun(scratch)
            server.suspend()
            #expect(await run.value.ending == .timedOut)
            server.resume()
            try letGo(scratch)
        }
    }

    @Test(arguments: Way.allCases)
    func `a channel that sshd closes on its own is no success`(way: Way) async throws {
        var options = TestSSHD.Options()
        options.lines = ["ChannelTimeout session:command=1"]
        try await withServer(way, options) { server, transport, scratch in
            let executor = scratch.executor(transport)
            let quiet = Command(["sleep", "5"], place: place, isMutating: false)
            let result = await executor.run(quiet, id: "quiet")
            #expect(result.isLost, "\(result.ending)")
            let slow = Command(["sleep", "3"], place: place, isMutating: true)
            #expect(await executor.run(slow, id: "slow").ending == .exited(0))
        }
    }

    @Test(arguments: Way.allCases)
    func `a forced command is told, and takes nothing for an answer`(way: Way) async throws {
        for forced in ["echo $SSH_ORIGINAL_COMMAND", "true", "cat /etc/hostname; exit 3"] {
            var options = TestSSHD.Options()
            options.authorizedKeyOptions = #"command="\#(forced)""#
            try await withServer(way, options) { server, transport, scratch in
                let executor = scratch.executor(transport)
                for isMutating in [true, false] {
                    let result = await executor.run(
                        Command(["true"], place: place, isMutating: isMutating), id: "forced")
                    #expect(
                        result.isNotStarted(saying: "something else"),
                        "\(forced): \(result.ending)")
                }
            }
        }
    }

    @Test func `a banner of the login shell is not output`() async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let executor = scratch.executor(BannerTransport(ShellTransport(scratch)))
        for isMutating in [true, false] {
            let result = await executor.run(
                Command(
                    ["sh", "-c", "printf out; printf err >&2"], place: place,
                    isMutating: isMutating), id: "banner")
            #expect(result.ending == .exited(0))
            #expect(result.stdoutText == "out")
            #expect(result.stderrText == "err")
        }
    }

    @Test(arguments: Way.allCases)
    func `a process left in the background holds no result back`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            let executor = scratch.executor(transport)
            for isMutating in [true, false] {
                let result = await executor.run(
                    Command(
                        ["sh", "-c", "sleep 300 & echo $!"], place: place,
                        deadline: .seconds(250), isMutating: isMutating), id: "background")
                #expect(result.ending == .exited(0))
                let pid = Int32(result.stdoutText.split(separator: "\n").first ?? "") ?? -1
                #expect(pid > 1)
                if pid > 1 { kill(pid, SIGKILL) }
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `our death ends the connection, and not the job`(way: Way) async throws {
        try await withServer(way) { server, transport, scratch in
            let (hop, path) = (server.openSSHHop, scratch.path)
            let folder = "\(server.directory)/own"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    host = hop.host as String, port = hop.port as Int, user = hop.user as String,
                    known = hop.knownHostsFiles[0] as String, key = hop.identityFiles[0] as String,
                    path = path as String, folder = folder as String
                ] in
                var hop = SSHHop(host: host, port: port, user: user, knownHostsFiles: [known])
                hop.identityFiles = [key]
                try await DyingCoordinator(scratch: BastionScratch(path: path), folder: folder)
                    .startAndDie(hop)
            }
            let executor = scratch.executor(transport)
            #expect(await executor.fate(of: "killed", at: place) == .running)
            for _ in 0..<200 where !folders(in: folder).isEmpty {
                try await ContinuousClock().sleep(for: .milliseconds(20))
            }
            #expect(folders(in: folder) == [], "its connection has tidied up after itself")
            try letGo(scratch)
            let result = await executor.run(job(scratch), id: "killed")
            #expect(result.ending == .exited(7))
            #expect(result.stdoutText == "begun\n")
            #expect(scratch.text("ran") == "ran\n")
        }
    }

    private func folders(in directory: String) -> [String] {
        // What isn't there holds nothing.
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
}

/// What the process that gets killed does.
private struct DyingCoordinator {
    let scratch: BastionScratch
    let folder: String

    func startAndDie(_ hop: SSHHop) async throws {
        let transport = try OpenSSHTransport(
            SSHRoute([hop]),
            environment: LocalEnvironment(from: ProcessInfo.processInfo.environment),
            parent: folder, userFiles: [])
        let script = #"""
            echo ran >> "$1/ran"
            echo begun
            true > "$1/begun"
            until [ -e "$1/go" ]; do sleep 0.02; done
            exit 7
            """#
        let job = Command(
            ["sh", "-c", script, "job", scratch.path], place: BastionScratch.place,
            isMutating: true)
        let run = Task { await scratch.executor(transport).run(job, id: "killed") }
        try await scratch.appears("begun")
        kill(getpid(), SIGKILL)
        _ = await run.value
    }
}

/// A login shell with something to say, on both streams, before and after.
private final class BannerTransport: BastionTransport {
    private let base: any BastionTransport

    init(_ base: any BastionTransport) { self.base = base }

    func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        let banner = "printf 'Welcome to ams-jump, \\036 friend'; echo 'be careful' >&2"
        return try await base.run("\(banner); \(line)", stdin: stdin, into: sink)
    }
}

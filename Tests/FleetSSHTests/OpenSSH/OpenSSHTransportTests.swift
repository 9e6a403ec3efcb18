import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

@Suite(.serialized) struct OpenSSHTransportTests {
    private func withServer(
        _ lines: [String] = [], _ body: (TestSSHD, OpenSSHTransport) async throws -> Void
    ) async throws {
        var options = TestSSHD.Options()
        options.lines = lines
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let transport = try server.openSSH()
        try await body(server, transport)
        await transport.close()
    }

    @Test func `streams are apart, stdin is whole, and 255 can be a command's own`() async throws {
        try await withServer { server, transport in
            let heard = Heard()
            let text = String(repeating: "a manifest\n", count: 100_000)
            let end = await transport.outcome(
                "cat; echo err >&2; exit 255", stdin: text, heard: heard)
            #expect(end == .success(.exited(255)))
            #expect(heard.stdout == text)
            #expect(heard.stderr == "err\n")
            #expect(server.logins == 1)
        }
    }

    @Test func `what is killed there leaves no status, and the connection is well`() async throws {
        try await withServer { server, transport in
            #expect(await transport.outcome("kill -s KILL $$") == .success(.unknown))
            #expect(await transport.outcome("true") == .success(.exited(0)))
            #expect(server.logins == 1)
        }
    }

    @Test func `a connection cut under a command loses it, and the next has another`() async throws
    {
        try await withServer { server, transport in
            let heard = Heard()
            async let end = transport.outcome("echo begun; sleep 30", heard: heard)
            await heard.something()
            server.killSessions()
            #expect(await end.isLost)
            #expect(await transport.outcome("true") == .success(.exited(0)))
            #expect(server.logins == 2)
        }
    }

    @Test func `where nobody listens nothing is sent, and later somebody may`() async throws {
        try await withServer { server, transport in
            _ = await transport.outcome("true")
            server.suspend()
            server.resume()
            try await server.restart()
            // The old connection may be noticed dead only by using it.
            let ends = [await transport.outcome("true"), await transport.outcome("true")]
            #expect(ends.last == .success(.exited(0)))
            #expect(!ends[0].isLost)
        }
        var hop = SSHHop(host: "127.0.0.1", port: 1, user: "nobody")
        hop.connectTimeout = .seconds(2)
        let nowhere = try OpenSSHTransport.test(SSHRoute([hop]))
        let refusal = await nowhere.outcome("true").refusal
        #expect(refusal?.kind == .unreachable)
        #expect(refusal?.reason.contains("Connection refused") == true)
        await nowhere.close()
    }

    @Test func `forty commands fit through two sessions of a connection`() async throws {
        try await withServer(["MaxSessions 2"]) { server, transport in
            let scratch = try BastionScratch()
            defer { scratch.remove() }
            let executor = scratch.executor(transport)
            let succeeded = await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let command = Command(
                            ["sh", "-c", "echo \(number)"], place: BastionScratch.place,
                            isMutating: number.isMultiple(of: 2))
                        let result = await executor.run(command, id: CommandID("c\(number)"))
                        return result.stdoutText == "\(number)\n"
                    }
                }
                return await group.reduce(0) { $1 ? $0 + 1 : $0 }
            }
            #expect(succeeded == 40)
            #expect(server.logins <= 2)
        }
    }

    @Test func `who waits for room can leave`() async throws {
        try await withServer { server, _ in
            var limits = OpenSSHLimits.quick
            (limits.connections, limits.channelsPerConnection) = (1, 1)
            let narrow = try server.openSSH(limits)
            let heard = Heard()
            let first = Task { await narrow.outcome("echo begun; sleep 30", heard: heard) }
            await heard.something()
            let second = Task { await narrow.outcome("true") }
            second.cancel()
            #expect(await second.value == .failure(.cancelled))
            first.cancel()
            #expect(await first.value == .failure(.cancelled))
            #expect(await narrow.outcome("true") == .success(.exited(0)))
            await narrow.close()
        }
    }

    @Test func `an urgent line goes ahead of those that wait`() async throws {
        try await withServer { server, _ in
            var limits = OpenSSHLimits.quick
            (limits.connections, limits.channelsPerConnection, limits.reserve) = (1, 1, 0)
            let narrow = try server.openSSH(limits)
            let (first, log) = (Heard(), Heard())
            let long = Task { await narrow.outcome("echo begun; sleep 30", heard: first) }
            await first.something()
            let patient = Task { await narrow.outcome("printf patient", heard: log) }
            await untilWaiting(1, narrow)
            let urgent = Task {
                try? await narrow.runUrgently("printf urgent,", stdin: [], into: log)
            }
            await untilWaiting(2, narrow)
            long.cancel()
            _ = await (patient.value, urgent.value)
            #expect(log.stdout == "urgent,patient")
            await narrow.close()
        }
    }

    @Test func `an urgent line has a channel when all others are taken`() async throws {
        try await withServer { server, _ in
            var limits = OpenSSHLimits.quick
            (limits.connections, limits.channelsPerConnection, limits.reserve) = (1, 2, 1)
            let narrow = try server.openSSH(limits)
            let heard = [Heard(), Heard()]
            let long = heard.map { heard in
                Task { await narrow.outcome("echo begun; sleep 30", heard: heard) }
            }
            for each in heard { await each.something() }
            let patient = Task { await narrow.outcome("true") }
            await untilWaiting(1, narrow)
            let exit = try await narrow.runUrgently("exit 9", stdin: [], into: Heard())
            #expect(exit == .exited(9))
            // The one that waits first: it would take the channel of one that has gone.
            for task in [patient] + long {
                task.cancel()
                #expect(await task.value == .failure(.cancelled))
            }
            await narrow.close()
        }
    }

    @Test func `the inventory's channels and a reserve make what sshd gives`() {
        let limits = OpenSSHLimits(for: Bastion("ams-jump"))
        #expect(limits.channelsPerConnection + limits.reserve == 10)
        #expect(limits.shared(of: 10) == 8)
        #expect(limits.shared(of: 4) == 2)
        #expect(limits.shared(of: 1) == 1)
    }

    @Test func `nothing is left of it when it is closed`() async throws {
        try await withServer { server, transport in
            let own = try OpenSSHTransport(
                SSHRoute([server.openSSHHop]),
                environment: LocalEnvironment(from: ProcessInfo.processInfo.environment),
                parent: server.directory, userFiles: [])
            _ = await own.outcome("true")
            let folder = try #require(folders(in: server.directory).first)
            #expect(permissions(of: folder) == 0o700)
            #expect(permissions(of: "\(folder)/config") == 0o600)
            await own.close()
            #expect(folders(in: server.directory) == [])
            #expect(await own.outcome("true").refusal?.kind == .unusable)
        }
    }

    private func untilWaiting(_ count: Int, _ transport: OpenSSHTransport) async {
        while await transport.pool.waiting.count < count {
            // Nobody cancels a test.
            try? await ContinuousClock().sleep(for: .milliseconds(5))
        }
    }

    private func folders(in directory: String) -> [String] {
        // What isn't there holds nothing.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix("bw-") }.map { "\(directory)/\($0)" }
    }

    private func permissions(of path: String) -> Int? {
        // A file that isn't there has no permissions.
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }
}

import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// A bastion 50 ms away. What matters here is that all is well, not how soon.
@Suite(.serialized) struct SlowLinkTests {
    private static let delay = Duration.milliseconds(25)

    private func withLink(
        _ limits: PoolLimits = PoolLimits(),
        _ body: (BadDay, SlowLink, TestSSHD) async throws -> Void
    ) async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let link = try SlowLink(to: server, delay: Self.delay)
        defer { link.close() }
        let hop = SSHHop(host: "127.0.0.1", port: link.port, user: server.user)
        let connections = SSHConnections(to: [server])
        let transport = connections.transport(along: SSHRoute([hop]), limits: limits)
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        var many = BastionScratch.limits
        many.commandsAtOnce = 48
        let day = BadDay(
            scratch: scratch, executor: scratch.executor(transport, limits: many))
        try await body(day, link, server)
        await connections.close()
        #expect(await scratch.remainingProcesses() == [])
    }

    @Test func `many commands at once all come back with their own answers`() async throws {
        try await withLink { day, _, server in
            let executor = day.executor
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let command = Command(
                            ["sh", "-c", "cat; echo \(number); exit \(number % 5)"],
                            stdin: "stdin \(number)\n", place: BastionScratch.place,
                            isMutating: number.isMultiple(of: 3))
                        let result = await executor.run(command, id: CommandID("c\(number)"))
                        #expect(result.ending == .exited(Int32(number % 5)))
                        #expect(result.stdoutText == "stdin \(number)\n\(number)\n")
                    }
                }
            }
            #expect(server.logins > 1, "one connection opens a channel at a time")
        }
    }

    @Test func `a megabyte in and a megabyte out arrive whole`() async throws {
        try await withLink { day, _, _ in
            let text = String(repeating: "0123456789abcdef\n", count: 62_000)
            for isMutating in [true, false] {
                let result = await day.executor.run(
                    Command(
                        ["sh", "-c", "tee /dev/stderr"], stdin: text, place: BastionScratch.place,
                        isMutating: isMutating), id: "much")
                #expect(result.ending == .exited(0))
                #expect(result.stdoutText == text)
                #expect(result.stderrText == text)
            }
        }
    }

    @Test func `a cancelled command is ended over a long way, too`() async throws {
        try await withLink { day, _, _ in
            for isMutating in [true, false] {
                let name = isMutating ? "job" : "read"
                let run = day.start(
                    day.command(isMutating: isMutating, named: name), as: CommandID(name))
                try await day.hasBegun(name)
                run.cancel()
                #expect(await run.value.ending == .cancelled)
            }
        }
    }

    @Test func `a link that is cut for a while costs a read and no job`() async throws {
        var limits = PoolLimits()
        limits.session.silenceBeforeAsking = .milliseconds(300)
        limits.session.silenceBeforeDeath = .milliseconds(900)
        try await withLink(limits) { day, link, _ in
            let job = day.start(day.command(isMutating: true))
            let read = day.start(day.command(isMutating: false, named: "read"), as: "read")
            try await day.hasBegun()
            try await day.hasBegun("read")
            link.cut()
            let result = await read.value
            #expect(result.isLost, "\(result.ending)")
            link.mend()
            try day.letGo()
            #expect(await job.value.ending == .exited(7))
            #expect(day.runs() == 1)
        }
    }
}

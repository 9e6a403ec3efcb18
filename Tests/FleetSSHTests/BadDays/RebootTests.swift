import FleetModel
import FleetRunner
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// All processes of a bastion end at once; what is on its disk stays.
@Suite(.serialized) struct RebootTests {
    private static let bootID = "/proc/sys/kernel/random/boot_id"

    /// A server whose host can be given another boot, where we may mount files.
    private func server() async throws -> TestSSHD {
        var options = TestSSHD.Options()
        if getuid() == 0 { options.mounts[Self.bootID] = "\(UUID().uuidString.lowercased())\n" }
        return try await TestSSHD.start(options)
    }

    private func reboot(_ server: TestSSHD, _ scratch: BastionScratch) async throws {
        // So that nobody is told anything on the way down.
        server.suspend()
        scratch.killEverything()
        if getuid() == 0 {
            try server.rewrite(Self.bootID, to: "\(UUID().uuidString.lowercased())\n")
        }
        try await server.restart()
    }

    @Test(arguments: Way.allCases)
    func `a job that ran is lost, says so, and is not started again`(way: Way) async throws {
        let server = try await server()
        defer { server.stop() }
        try await BadDay.through(way, server) { day in
            let run = day.start(day.command(isMutating: true))
            try await day.hasBegun()
            try await reboot(server, day.scratch)
            let ending = await run.value.ending
            guard case .lost(let reason) = ending else {
                Issue.record("nobody can know how it ended: \(ending)")
                return
            }
            #expect(reason.contains("the host went down"), "\(reason)")
            // Whoever comes later is told the same, and starts nothing either.
            try day.letGo()
            let again = await day.executor.run(day.command(isMutating: true), id: "job")
            #expect(again.isLost, "\(again.ending)")
            let place = BastionScratch.place
            guard case .lost = await day.executor.fate(of: "job", at: place) else {
                Issue.record("its fate was forgotten")
                return
            }
            #expect(day.runs() == 1)
        }
    }

    @Test(arguments: Way.allCases)
    func `a job that had ended before is taken from the disk`(way: Way) async throws {
        let server = try await server()
        defer { server.stop() }
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let before = try way.open(server)
        let day = BadDay(scratch: scratch, executor: scratch.executor(before.transport))
        try day.letGo()
        let first = await day.executor.run(day.command(isMutating: true), id: "job")
        #expect(first.ending == .exited(7))
        await before.close()
        try await reboot(server, scratch)
        let opened = try way.open(server)
        // Another coordinator, who has only the id.
        let next = scratch.executor(opened.transport)
        guard case .ended(let result) = await next.fate(of: "job", at: BastionScratch.place) else {
            Issue.record("what had ended was forgotten")
            return
        }
        #expect(result.ending == .exited(7))
        #expect(result.stdoutText == "begun\n")
        let again = await next.run(day.command(isMutating: true), id: "job")
        #expect(again.ending == result.ending)
        #expect(again.stdout == result.stdout)
        #expect(day.runs() == 1)
        await opened.close()
    }

    @Test(arguments: Way.allCases)
    func `a read is lost, and the bastion is used again`(way: Way) async throws {
        let server = try await server()
        defer { server.stop() }
        try await BadDay.through(way, server) { day in
            let run = day.start(day.command(isMutating: false))
            try await day.hasBegun()
            try await reboot(server, day.scratch)
            let ending = await run.value.ending
            guard case .lost = ending else {
                Issue.record("\(ending)")
                return
            }
            try day.letGo()
            let again = await day.executor.run(day.command(isMutating: false), id: "again")
            #expect(again.ending == .exited(7))
        }
    }
}

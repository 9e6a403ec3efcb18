import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// `KillUserProcesses=yes` of logind, played by hand: with the connection ends everything
/// that was started over it, whatever session it has made for itself.
@Suite(.serialized) struct LogoutTests {
    @Test func `a job that logind ends with its connection is lost, and told as such`()
        async throws
    {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        try await BadDay.through(.libSSH2, server) { day in
            let run = day.start(day.command(isMutating: true))
            try await day.hasBegun()
            server.killSessions()
            day.scratch.killEverything()
            let ending = await run.value.ending
            guard case .lost(let reason) = ending else {
                Issue.record("nobody can know how it ended: \(ending)")
                return
            }
            #expect(reason.contains("its supervisor was killed"), "\(reason)")
            #expect(day.runs() == 1)
            // Nothing else is amiss there: the next command is run as ever.
            try day.letGo()
            let next = await day.executor.run(
                day.command(isMutating: true, named: "next"), id: "next")
            #expect(next.ending == .exited(7))
        }
    }
}

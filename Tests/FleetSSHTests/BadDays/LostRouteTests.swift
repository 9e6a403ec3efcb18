import FleetModel
import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// A bastion in a network of its own, whose route to us goes away while something runs.
/// Nobody says good-bye then: packets arrive there, and nothing comes back.
@Suite(
    .serialized,
    .enabled(if: TestNetwork.isPossible, "\(TestNetwork.objection ?? "it can be done")"))
struct LostRouteTests {
    /// A server there, and a way to it that soon notices silence.
    private func withFarServer(
        silence: Duration = .seconds(2),
        _ body: (BadDay, TestNetwork, TestSSHD) async throws -> Void
    ) async throws {
        let network = try TestNetwork()
        defer { network.remove() }
        var options = TestSSHD.Options()
        (options.namespace, options.host, options.port) = (network.name, network.address, 2_222)
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        var hop = server.hop
        // A busy machine takes its time to let us in.
        hop.connectTimeout = .seconds(5)
        var limits = PoolLimits()
        limits.session.silenceBeforeAsking = silence / 3
        limits.session.silenceBeforeDeath = silence
        try await BadDay.libSSH2(
            SSHRoute([hop]), judge: KnownKeys(keys: [server.hostKeyBlob()]),
            keys: KeyFiles(paths: [server.clientKey]), limits: limits
        ) { day in try await body(day, network, server) }
    }

    @Test func `a job goes on without us and is taken up when the route is back`() async throws {
        try await withFarServer { day, network, server in
            let run = day.start(day.command(isMutating: true))
            try await day.hasBegun()
            try network.dropRoute()
            try day.letGo()
            // The job ends while nobody can be told.
            let isOver = { day.scratch.text("home/jobs/job.facts")?.contains("\nended ") == true }
            try await patiently { isOver() }
            try #require(isOver())
            // Long enough for the connection to be given up, and others to be tried in vain.
            try await ContinuousClock().sleep(for: .milliseconds(3_500))
            try network.restoreRoute()
            let result = await run.value
            #expect(result.ending == .exited(7))
            #expect(result.stdoutText == "begun\n")
            #expect(day.runs() == 1)
            try await patiently { server.logins > 1 }
            #expect(server.logins > 1, "the old connection was dead")
        }
    }

    @Test func `a read is lost, by name, and not left running there`() async throws {
        try await withFarServer { day, network, _ in
            let run = day.start(day.command(isMutating: false))
            try await day.hasBegun()
            try network.dropRoute()
            guard case .lost(let reason) = await run.value.ending else {
                Issue.record("nobody can know how it ended")
                return
            }
            #expect(reason.contains("\(network.address):2222"), "\(reason)")
            #expect(reason.contains("has said nothing for"), "\(reason)")
            try network.restoreRoute()
            #expect(day.runs() == 1)
            #expect(await day.scratch.remainingProcesses() == [])
        }
    }

    @Test func `what can't be reached at all was never started`() async throws {
        try await withFarServer { day, network, server in
            try network.dropRoute()
            var limits = BastionScratch.limits
            limits.connectPatience = .milliseconds(800)
            var hop = server.hop
            hop.connectTimeout = .milliseconds(300)
            try await BadDay.libSSH2(
                SSHRoute([hop]), judge: KnownKeys(keys: [server.hostKeyBlob()]),
                keys: KeyFiles(paths: [server.clientKey]), executorLimits: limits
            ) { day in
                for isMutating in [true, false] {
                    let result = await day.executor.run(
                        day.command(isMutating: isMutating), id: "never")
                    guard case .unreachable(let reason) = result.ending else {
                        Issue.record("\(result.ending)")
                        continue
                    }
                    #expect(reason.contains(network.address), "\(reason)")
                }
                #expect(day.runs() == 0)
            }
            try network.restoreRoute()
            #expect(server.logins == 0)
        }
    }

    @Test func `a route that is soon back costs nothing`() async throws {
        try await withFarServer(silence: .seconds(30)) { day, network, server in
            let run = day.start(day.command(isMutating: true))
            try await day.hasBegun()
            try network.dropRoute()
            try day.letGo()
            try await ContinuousClock().sleep(for: .milliseconds(300))
            try network.restoreRoute()
            #expect(await run.value.ending == .exited(7))
            #expect(server.logins == 1, "TCP brought it through")
        }
    }
}

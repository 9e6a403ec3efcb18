import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Finding out MaxSessions, against real ones.
@Suite(.serialized) struct ChannelProbeTests {
    @Test(arguments: [
        (1, ChannelProbe.Finding.exactly(1)), (2, .exactly(2)), (9, .exactly(9)),
        (10, .atLeast(10)), (40, .atLeast(10)),
    ])
    func `what sshd gives is found, by one connection`(
        most: Int, finding: ChannelProbe.Finding
    ) async throws {
        var options = TestSSHD.Options()
        // With MaxStartups so low a second connection at once would be refused.
        options.lines = ["MaxSessions \(most)", "MaxStartups 1:100:1"]
        let server = try await TestSSHD.start(options)
        defer { server.stop() }
        let probe = ChannelProbe(
            along: SSHRoute([server.hop]), judge: KnownKeys(keys: [server.hostKeyBlob()]),
            authenticator: KeyFiles(paths: [server.clientKey]))
        #expect(await probe.channels(upTo: 10) == finding)
        #expect(server.logins == 1)
        #expect(!server.log.contains("drop connection"))
        try await patiently { server.connections == 0 }
        #expect(server.connections == 0)
    }

    @Test func `a bastion that can't be asked is not asked for ever`() async throws {
        let server = try await TestSSHD.start()
        server.stop()
        let probe = ChannelProbe(
            along: SSHRoute([server.hop]), judge: KnownKeys(keys: [server.hostKeyBlob()]),
            authenticator: KeyFiles(paths: [server.clientKey]))
        #expect(await probe.channels(upTo: 10) == nil)
    }
}

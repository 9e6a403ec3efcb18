import FleetTestKit
import Testing

@testable import FleetSSH

/// libssh2 itself, where a session alone wouldn't bring it into trouble.
struct EngineTests {
    @SSHLoop
    @Test func `answers that came together all reach the one who waits`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let session = try await Session.loggedIn(to: server)
        let channels = try await session.openByHand(8)
        for channel in channels {
            guard case .again = session.engine.start(Array("true".utf8), on: channel) else {
                throw TestSSHD.Failure(description: "sshd answered before it was asked")
            }
        }
        // The answers are 32 bytes each before they are packed; none is read before all
        // are here.
        while session.engine.wire.inbox.count < 8 * 32 { await session.nextArrival() }

        #expect(session.engine.pump(channels[0]) == nil)
        for channel in channels.reversed() {
            guard case .done = session.engine.start(Array("true".utf8), on: channel) else {
                Issue.record("the answer to channel \(channel.number) was lost")
                continue
            }
        }
        session.fail(SSHTrouble(.unreachable, "the test is over"))
    }

    @SSHLoop
    @Test func `channels are numbered as the far side's packets name them`() async throws {
        let server = try await TestSSHD.start()
        defer { server.stop() }
        let session = try await Session.loggedIn(to: server)
        let channels = try await session.openByHand(3)
        #expect(channels.map(\.number) == [0, 1, 2])
        session.fail(SSHTrouble(.unreachable, "the test is over"))
    }
}

extension Session {
    /// A session that doesn't drive itself.
    static func loggedIn(to server: TestSSHD) async throws -> Session {
        let session = try #require(Session(to: server.hop, limits: SessionLimits()))
        session.isDriving = true
        let party = ConnectingParty(
            judge: KnownKeys(keys: [server.hostKeyBlob()]),
            authenticator: KeyFiles(paths: [server.clientKey]))
        await session.connect(party, favoring: nil) { () async throws(SSHTrouble) in
            try await Socket.connect(to: session.hop, limits: session.limits)
        }
        try #require(session.state == .ready)
        return session
    }

    func openByHand(_ count: Int) async throws -> [ChannelHandle] {
        var channels: [ChannelHandle] = []
        var isFirstCall = true
        while channels.count < count {
            switch engine.openSession(isFirstCall: isFirstCall) {
            case .again:
                isFirstCall = false
                await nextArrival()
            case .done(let channel):
                channels.append(channel)
                isFirstCall = true
            case .failed(let failure): throw failure
            }
        }
        return channels
    }
}

import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// What goes wrong between us and a bastion, and what is said of it.
struct BadDayTests {
    @Test func `a connection cut in mid-line loses the line and not the transport`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let failure = await bastion.failure(of: "echo begun; sleep 60") {
            bastion.server.killSessions()
        }
        #expect(failure?.isLost == true)
        #expect(failure?.trouble?.kind == .unreachable)
        #expect(try await bastion.run("exit 4") == .exited(4))
    }

    @Test func `a silent bastion loses its lines at the deadline`() async throws {
        var limits = PoolLimits()
        limits.session.silenceBeforeAsking = .milliseconds(200)
        limits.session.silenceBeforeDeath = .milliseconds(600)
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let failure = await bastion.failure(of: "echo begun; sleep 60") {
            bastion.server.suspend()
        }
        #expect(failure?.isLost == true)
        #expect(failure?.trouble?.reason.contains("has said nothing for") == true)
    }

    @Test func `a line that nobody says is running is lost at the deadline`() async throws {
        var limits = PoolLimits()
        limits.session.answerDeadline = .seconds(2)
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        #expect(try await bastion.run("true") == .exited(0))
        bastion.server.suspend()
        let failure = await bastion.transport.failure(of: "true")
        #expect(failure?.isLost == true)
        #expect(failure?.trouble?.reason.contains("didn't say within") == true)
        bastion.server.resume()
        #expect(try await bastion.run("exit 8") == .exited(8))
    }

    @Test func `a start and an open without an answer cost no line that runs`() async throws {
        var limits = PoolLimits()
        limits.connections = 2
        limits.session.channels = 2
        limits.session.answerDeadline = .seconds(2)
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let transcript = Transcript()
        async let running = bastion.run("echo; sleep 6; exit 5", into: transcript)
        await transcript.somethingArrived()
        bastion.server.suspend()
        // It takes the spare channel, and another one is wanted in its place.
        #expect(await bastion.transport.failure(of: "true")?.isLost == true)
        bastion.server.resume()
        #expect(try await running == .exited(5))
    }

    @Test func `a quiet line on a live bastion outlasts the deadline for silence`() async throws {
        var limits = PoolLimits()
        limits.session.silenceBeforeAsking = .milliseconds(200)
        limits.session.silenceBeforeDeath = .milliseconds(1200)
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        #expect(try await bastion.run("sleep 2.5; exit 5") == .exited(5))
        #expect(bastion.server.logins == 1)
    }

    @Test func `a channel that sshd closes early is no success`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["ChannelTimeout session:*=1s"]
        let bastion = try await TestBastion.start(options)
        defer { bastion.stop() }
        #expect(try await bastion.run("sleep 60") == .unknown)
    }

    @Test func `a cancelled line comes back at once and frees its caller`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        let transcript = Transcript()
        let task = Task { try await bastion.run("echo begun; sleep 60", into: transcript) }
        await transcript.somethingArrived()
        task.cancel()
        await #expect(throws: TransportFailure.cancelled) { try await task.value }
        #expect(try await bastion.run("true") == .exited(0))
        #expect(bastion.server.logins == 1)
    }

    @Test func `too many abandoned lines retire a connection`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        for _ in 0..<4 {
            let transcript = Transcript()
            let task = Task { try await bastion.run("echo begun; sleep 60", into: transcript) }
            await transcript.somethingArrived()
            task.cancel()
            await #expect(throws: TransportFailure.cancelled) { try await task.value }
        }
        #expect(try await bastion.run("true") == .exited(0))
        #expect(bastion.server.logins == 2)
    }

    @Test func `closing ends every line, whether it runs or waits`() async throws {
        var limits = PoolLimits()
        limits.connections = 1
        limits.session.channels = 2
        let bastion = try await TestBastion.start(limits: limits)
        defer { bastion.stop() }
        let transport = bastion.transport
        let transcripts = [Transcript(), Transcript()]
        await withTaskGroup(of: TransportFailure?.self) { group in
            for transcript in transcripts {
                group.addTask { await transport.failure(of: "echo; sleep 60", into: transcript) }
                await transcript.somethingArrived()
            }
            await bastion.queue([String](repeating: "sleep 60", count: 20), in: &group)
            await bastion.connections.close()
            var (lost, notSent) = (0, 0)
            for await failure in group {
                if failure?.isLost == true { lost += 1 }
                if failure?.isNotSent == true { notSent += 1 }
            }
            #expect(lost == 2)
            #expect(notSent == 20)
        }
    }

    /// A line that comes late, from a task that tidies up, must not connect once more.
    @Test func `what is closed stays closed`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        #expect(try await bastion.run("true") == .exited(0))
        await bastion.connections.close()
        for _ in 0..<3 {
            #expect(await bastion.transport.failure(of: "true")?.isNotSent == true)
        }
        #expect(bastion.server.logins == 1)
    }

    @Test func `wrong keys are shown once and never again`() async throws {
        let (server, stranger) = (try await TestSSHD.start(), try await TestSSHD.start())
        defer {
            server.stop()
            stranger.stop()
        }
        let connections = SSHConnections(
            judge: KnownKeys(keys: [server.hostKeyBlob()]),
            authenticator: KeyFiles(paths: [stranger.clientKey]))
        let transport = connections.transport(along: SSHRoute([server.hop]))
        await withTaskGroup(of: TransportFailure?.self) { group in
            for _ in 0..<20 {
                group.addTask { await transport.failure(of: "true") }
            }
            for await failure in group {
                #expect(failure?.trouble?.kind == .authenticationFailed)
                #expect(failure?.isNotSent == true)
            }
        }
        #expect(await transport.failure(of: "true")?.trouble?.kind == .authenticationFailed)
        // sshd writes its log when it likes.
        try await patiently { server.connectionsBeforeLogin > 0 }
        #expect(server.connectionsBeforeLogin == 1)
    }

    @Test func `a host with another key gets neither a login nor a line`() async throws {
        let (server, stranger) = (try await TestSSHD.start(), try await TestSSHD.start())
        defer {
            server.stop()
            stranger.stop()
        }
        let connections = SSHConnections(
            judge: KnownKeys(keys: [stranger.hostKeyBlob()]),
            authenticator: KeyFiles(paths: [server.clientKey]))
        let transport = connections.transport(along: SSHRoute([server.hop]))
        let failure = await transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .hostKeyChanged)
        #expect(failure?.isNotSent == true)
        #expect(server.logins == 0)
    }

    @Test func `nobody at the port is told at once`() async throws {
        let bastion = try await TestBastion.start()
        bastion.stop()
        let failure = await bastion.transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .unreachable)
        #expect(failure?.isNotSent == true)
    }

    @Test func `a host that is silent from the start is given up in time`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        bastion.server.suspend()
        var hop = bastion.server.hop
        hop.connectTimeout = .milliseconds(300)
        let transport = bastion.connections.transport(along: SSHRoute([hop]))
        let failure = await transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .unreachable)
        #expect(failure?.isNotSent == true)
    }

    @Test func `a bastion that comes back is used again`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        #expect(try await bastion.run("true") == .exited(0))
        try await bastion.server.restart()
        // The first may find out that the old connection is gone; nothing was sent then.
        let failure = await bastion.transport.failure(of: "true")
        #expect(failure == nil || failure?.isNotSent == true || failure?.isLost == true)
        #expect(try await bastion.run("true") == .exited(0))
    }

    @Test func `what the operator demands and libssh2 lacks is unsupported`() async throws {
        let bastion = try await TestBastion.start()
        defer { bastion.stop() }
        var hop = bastion.server.hop
        hop.algorithms.ciphers = ["aes256-gcm@openssh.com"]
        let transport = bastion.connections.transport(along: SSHRoute([hop]))
        let failure = await transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .unsupported)
    }

    @Test func `a server that offers only GCM is unsupported`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["Ciphers aes256-gcm@openssh.com"]
        let bastion = try await TestBastion.start(options)
        defer { bastion.stop() }
        let failure = await bastion.transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .unsupported)
    }
}

extension BastionTransport {
    /// What a line fails with, if it does.
    func failure(of line: String, into transcript: Transcript = .init()) async -> TransportFailure?
    {
        defer { transcript.end() }
        do throws(TransportFailure) {
            _ = try await run(line, stdin: [], into: transcript)
            return nil
        } catch {
            return error
        }
    }
}

extension TestBastion {
    /// Lines that wait for a channel, in that order, once this returns.
    func queue(_ lines: [String], in group: inout TaskGroup<TransportFailure?>) async {
        let before = await connections.waitingLines(along: transport.route)
        for (index, line) in lines.enumerated() {
            group.addTask { await transport.failure(of: line) }
            while await connections.waitingLines(along: transport.route) <= before + index {
                await Task.yield()
            }
        }
    }

    /// What a line fails with when something happens once it has printed something.
    func failure(of line: String, after happening: () -> Void) async -> TransportFailure? {
        let transcript = Transcript()
        let (transport, line) = (transport, line)
        let task = Task { await transport.failure(of: line, into: transcript) }
        await transcript.somethingArrived()
        happening()
        return await task.value
    }
}

extension TestSSHD {
    /// Clients that came and went without being let in.
    var connectionsBeforeLogin: Int { log.components(separatedBy: "[preauth]").count - 1 }
}

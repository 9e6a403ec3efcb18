import FleetTestKit
import Foundation
import Testing

@testable import FleetSSH

/// Routes of more than one host, over real sshds.
struct HopTests {
    @Test(arguments: [2, 3])
    func `a line runs at the end of a chain`(length: Int) async throws {
        let servers = try await TestSSHD.start(count: length)
        defer { for server in servers { server.stop() } }
        let connections = SSHConnections(to: servers)
        let transport = connections.transport(along: SSHRoute(servers.map(\.hop)))
        let transcript = Transcript()
        let stdin = [UInt8](repeating: 68, count: 3 << 20)
        #expect(
            try await transport.run("cat; exit 6", stdin: stdin, into: transcript) == .exited(6))
        #expect(transcript.bytes(.stdout) == stdin)
        for server in servers { #expect(server.logins == 1) }
    }

    @Test func `many lines go through one gateway`() async throws {
        let servers = try await TestSSHD.start(count: 2)
        defer { for server in servers { server.stop() } }
        let transport = SSHConnections(to: servers)
            .transport(along: SSHRoute(servers.map(\.hop)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let transcript = Transcript()
                    let exit = try await transport.run(
                        "echo \(number)", stdin: [], into: transcript)
                    #expect(exit == .exited(0))
                    #expect(transcript.stdout == "\(number)\n")
                }
            }
            try await group.waitForAll()
        }
        #expect(servers[0].logins == 1, "routes share their gateway's connection")
    }

    @Test func `a gateway runs a command before it carries anything`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["LogLevel VERBOSE"]
        let (gateway, server) = (try await TestSSHD.start(options), try await TestSSHD.start())
        defer {
            gateway.stop()
            server.stop()
        }
        let transport = SSHConnections(to: [gateway, server])
            .transport(along: SSHRoute([gateway.hop, server.hop]))
        #expect(try await transport.run("true", stdin: [], into: Transcript()) == .exited(0))
        #expect(gateway.log.contains("Starting session: command"))
    }

    @Test func `routes with the same beginning share its connection`() async throws {
        let servers = try await TestSSHD.start(count: 3)
        defer { for server in servers { server.stop() } }
        let connections = SSHConnections(to: servers)
        let gateway = connections.transport(along: SSHRoute([servers[0].hop]))
        #expect(try await gateway.run("true", stdin: [], into: Transcript()) == .exited(0))
        for server in servers.dropFirst() {
            let transport = connections.transport(along: SSHRoute([servers[0].hop, server.hop]))
            #expect(try await transport.run("true", stdin: [], into: Transcript()) == .exited(0))
        }
        #expect(servers[0].logins == 1)
    }

    @Test(.enabled(if: getuid() == 0, "a gateway's own /etc/hosts needs root"))
    func `the same private address behind two gateways never shares`() async throws {
        let inner = try await TestSSHD.start(count: 2, port: TestSSHD.portFreeEverywhere())
        defer { for server in inner { server.stop() } }
        var gateways: [TestSSHD] = []
        defer { for server in gateways { server.stop() } }
        for server in inner {
            var options = TestSSHD.Options()
            options.mounts["/etc/hosts"] = "127.0.0.1 localhost\n\(server.host) private.test\n"
            gateways.append(try await TestSSHD.start(options))
        }
        let connections = SSHConnections(to: inner + gateways)
        var hop = inner[0].hop
        hop.host = "private.test"
        for (gateway, server) in zip(gateways, inner) {
            let transport = connections.transport(along: SSHRoute([gateway.hop, hop]))
            let transcript = Transcript()
            _ = try await transport.run("echo $SSH_CONNECTION", stdin: [], into: transcript)
            #expect(transcript.stdout.contains(" \(server.host) "))
        }
    }

    @Test func `a host nobody listens on behind a gateway is unreachable`() async throws {
        let servers = try await TestSSHD.start(count: 2)
        defer { for server in servers { server.stop() } }
        servers[1].stop()
        let connections = SSHConnections(to: [servers[0]])
        let transport = connections.transport(along: SSHRoute(servers.map(\.hop)))
        let failure = await transport.failure(of: "true")
        #expect(failure?.trouble?.kind == .unreachable)
        #expect(failure?.isNotSent == true)
        let gateway = connections.transport(along: SSHRoute([servers[0].hop]))
        #expect(try await gateway.run("true", stdin: [], into: Transcript()) == .exited(0))
    }

    @Test func `a gateway that dies loses what ran behind it`() async throws {
        let servers = try await TestSSHD.start(count: 2)
        defer { for server in servers { server.stop() } }
        let transport = SSHConnections(to: servers)
            .transport(along: SSHRoute(servers.map(\.hop)))
        let transcript = Transcript()
        let task = Task { await transport.failure(of: "echo begun; sleep 60", into: transcript) }
        await transcript.somethingArrived()
        servers[0].killSessions()
        #expect(await task.value?.isLost == true)
        #expect(try await transport.run("true", stdin: [], into: Transcript()) == .exited(0))
    }

    @Test func `a gateway that gives no shell is a gateway all the same`() async throws {
        var options = TestSSHD.Options()
        options.lines = ["MaxSessions 0"]
        let (gateway, server) = (try await TestSSHD.start(options), try await TestSSHD.start())
        defer {
            gateway.stop()
            server.stop()
        }
        let transport = SSHConnections(to: [gateway, server])
            .transport(along: SSHRoute([gateway.hop, server.hop]))
        #expect(try await transport.run("exit 2", stdin: [], into: Transcript()) == .exited(2))
    }
}

extension TestSSHD {
    static func start(count: Int, port: Int? = nil) async throws -> [TestSSHD] {
        var servers: [TestSSHD] = []
        for number in 0..<count {
            var options = Options()
            options.port = port
            options.host = port.map { _ in "127.0.0.\(251 + number)" }
            servers.append(try await start(options))
        }
        return servers
    }
}

import FleetTestKit
import Foundation
import Synchronization

@testable import FleetSSH

/// Trusts the keys it was told of, and no other.
struct KnownKeys: HostKeyJudge {
    let keys: [[UInt8]]
    var preferred: [String] = []

    func preferredAlgorithms(for hop: SSHHop) async -> [String] { preferred }

    func judge(_ key: [UInt8], of hop: SSHHop) async throws(SSHTrouble) {
        guard keys.contains(key) else {
            throw SSHTrouble(.hostKeyChanged, "\(hop) shows another key")
        }
    }
}

/// Logs in with the key files it was told of, which are not encrypted.
struct KeyFiles: Authenticator {
    let paths: [String]

    func identities(for hop: SSHHop) async throws(SSHTrouble) -> [Identity] {
        paths.map {
            Identity(
                name: $0, unencrypted: Array(FileManager.default.contents(atPath: $0) ?? Data()))
        }
    }
}

/// Keeps what a line prints.
final class Transcript: RemoteOutput {
    private let streams = Mutex<[RemoteStream: [UInt8]]>([:])
    private let arrivals = AsyncStream<Void>.makeStream()

    func receive(_ bytes: [UInt8], from stream: RemoteStream) {
        streams.withLock { $0[stream, default: []] += bytes }
        arrivals.continuation.yield()
    }

    func bytes(_ stream: RemoteStream) -> [UInt8] { streams.withLock { $0[stream] ?? [] } }
    var stdout: String { String(decoding: bytes(.stdout), as: UTF8.self) }
    var stderr: String { String(decoding: bytes(.stderr), as: UTF8.self) }

    /// To be called when the line has ended, so that nobody waits for more.
    func end() { arrivals.continuation.finish() }

    /// Returns once something has been printed, or nothing will be.
    func somethingArrived() async {
        for await _ in arrivals.stream { return }
    }
}

/// A server, and a way to it.
struct TestBastion {
    let server: TestSSHD
    let connections: SSHConnections
    let transport: LibSSH2Transport

    static func start(
        _ options: TestSSHD.Options = .init(), limits: PoolLimits = PoolLimits()
    ) async throws -> TestBastion {
        let server = try await TestSSHD.start(options)
        let connections = SSHConnections(to: [server])
        let route = SSHRoute([server.hop])
        return TestBastion(
            server: server, connections: connections,
            transport: connections.transport(along: route, limits: limits))
    }

    func stop() {
        server.stop()
    }

    func run(
        _ line: String, stdin: [UInt8] = [], into transcript: Transcript = Transcript()
    ) async throws(TransportFailure) -> RemoteExit {
        defer { transcript.end() }
        return try await transport.run(line, stdin: stdin, into: transcript)
    }
}

extension SSHConnections {
    convenience init(to servers: [TestSSHD]) {
        self.init(
            judge: KnownKeys(keys: servers.map { $0.hostKeyBlob() }),
            authenticator: KeyFiles(paths: servers.map(\.clientKey)))
    }
}

extension TestSSHD {
    var hop: SSHHop { SSHHop(host: host, port: port, user: user) }
}

/// Looks again and again until something is so, or ten seconds have passed.
func patiently(_ isSo: () -> Bool) async throws {
    for _ in 0..<200 where !isSo() {
        try await ContinuousClock().sleep(for: .milliseconds(50))
    }
}

import FleetModel
import FleetTestKit
import Foundation

@testable import FleetSSH

/// A bastion's disk, an executor that reaches it, and a command to run there on a bad day.
struct BadDay {
    let scratch: BastionScratch
    let executor: SSHExecutor

    /// Reaches the bastion over libssh2, with short waits where they are long in the world.
    static func libSSH2(
        _ route: SSHRoute, judge: any HostKeyJudge, keys: any Authenticator,
        limits: PoolLimits = PoolLimits(), executorLimits: SSHLimits = BastionScratch.limits,
        _ body: (BadDay) async throws -> Void
    ) async throws {
        let connections = SSHConnections(judge: judge, authenticator: keys)
        let transport = connections.transport(along: route, limits: limits)
        try await play(transport, executorLimits, body) { await connections.close() }
    }

    /// Reaches a server by either transport.
    static func through(
        _ way: Way, _ server: TestSSHD, limits: SSHLimits = BastionScratch.limits,
        _ body: (BadDay) async throws -> Void
    ) async throws {
        let opened = try way.open(server)
        try await play(opened.transport, limits, body, close: opened.close)
    }

    private static func play(
        _ transport: any BastionTransport, _ limits: SSHLimits,
        _ body: (BadDay) async throws -> Void, close: @escaping @Sendable () async -> Void
    ) async throws {
        let scratch = try BastionScratch()
        defer { scratch.remove() }
        let day = BadDay(
            scratch: scratch, executor: scratch.executor(transport, limits: limits))
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(day))
        } catch {
            outcome = .failure(error)
        }
        await close()
        try outcome.get()
    }

    // MARK: A command that waits for us

    /// Says that it runs, waits until it may go, and exits with 7.
    func command(
        isMutating: Bool, named name: String = "job", deadline: Duration = .seconds(60)
    ) -> Command {
        let script = #"""
            echo ran >> "$1/ran-$2"
            echo begun
            true > "$1/begun-$2"
            until [ -e "$1/go" ]; do sleep 0.02; done
            exit 7
            """#
        return Command(
            ["sh", "-c", script, "job", scratch.path, name], place: BastionScratch.place,
            deadline: deadline, isMutating: isMutating)
    }

    func start(_ command: Command, as id: CommandID = "job") -> Task<CommandResult, Never> {
        Task { await executor.run(command, id: id) }
    }

    func hasBegun(_ name: String = "job") async throws {
        try await scratch.appears("begun-\(name)")
    }

    func letGo() throws { try Data().write(to: URL(filePath: "\(scratch.path)/go")) }

    /// How often a command was started, by what it wrote down itself.
    func runs(of name: String = "job") -> Int {
        (scratch.text("ran-\(name)") ?? "").split(separator: "\n").count
    }
}

public import FleetRunner
import Synchronization

/// Reaches a bastion through OpenSSH's own program, for what libssh2 can't do.
///
/// A connection is a private `ssh -M -N`, and each line a client of it: nothing of
/// the user's own shared connections is used. Costs 3 to 4 ms of our processor time
/// for each line.
public final class OpenSSHTransport: BastionTransport {
    private let openSSH: OpenSSHProgram
    let pool: MasterPool
    private let lines = Mutex(0)

    /// Makes the private directory and the configuration in it; connects to nothing.
    ///
    /// A hop with an alias is completed from the user's files, which are OpenSSH's own.
    /// `ssh` sees of our environment what it is given. The directory is made in a
    /// parent with a short path, for sockets have short paths.
    public init(
        _ route: SSHRoute, program: String = "/usr/bin/ssh", environment: LocalEnvironment,
        limits: OpenSSHLimits = OpenSSHLimits(), parent: String = "/tmp",
        userFiles: [String] = ["~/.ssh/config", "/etc/ssh/ssh_config"],
        clock: any Clock<Duration> = ContinuousClock(),
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(SSHTrouble) {
        let directory = try ControlDirectory(in: parent)
        let configuration = RouteFile(
            route: route, directory: directory.path, userFiles: userFiles)
        do throws(SSHTrouble) {
            try Self.write(configuration, to: directory)
        } catch {
            directory.remove()
            throw error
        }
        openSSH = OpenSSHProgram(
            path: program, route: route, destination: configuration.destination,
            directory: directory, environment: environment.variables, clock: clock)
        pool = MasterPool(openSSH, limits: limits, chance: Chance(chance))
    }

    public func run(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await run(line, stdin, sink, urgently: false)
    }

    public func runUrgently(
        _ line: String, stdin: [UInt8], into sink: any RemoteOutput
    ) async throws(TransportFailure) -> RemoteExit {
        try await run(line, stdin, sink, urgently: true)
    }

    private func run(
        _ line: String, _ stdin: [UInt8], _ sink: any RemoteOutput, urgently: Bool
    ) async throws(TransportFailure) -> RemoteExit {
        for _ in 0..<Self.connectionsTried - 1 {
            let result = try await sendOnce(line, stdin, sink, urgently)
            // The connection had died unnoticed: another may be better.
            guard result.diedBefore else { return try result.get() }
        }
        return try await sendOnce(line, stdin, sink, urgently).get()
    }

    /// Ends the connections and removes the private directory.
    public func close() async { await pool.close() }

    /// As many as may have died together, and one.
    private static let connectionsTried = 3

    private func sendOnce(
        _ line: String, _ stdin: [UInt8], _ sink: any RemoteOutput, _ urgently: Bool
    ) async throws(TransportFailure) -> Result<RemoteExit, TransportFailure> {
        let master = try await pool.enter(urgently: urgently)
        let result = await send(line, stdin, sink, over: master)
        switch result {
        case .failure(.notSent(let trouble)) where trouble.kind == .busy:
            await pool.leaveFull(master)
        case _ where result.diedBefore: await pool.retire(master)
        default: await pool.leave(master)
        }
        return result
    }

    private func send(
        _ line: String, _ stdin: [UInt8], _ sink: any RemoteOutput, over master: ControlMaster
    ) async -> Result<RemoteExit, TransportFailure> {
        let number = lines.withLock { number in
            number += 1
            return number
        }
        let log = "l\(number)"
        let client = openSSH.client(master.socket, line, log: log)
        let ending = await client.run(.bytes(stdin.isEmpty ? nil : stdin)) { stream, bytes in
            sink.receive(bytes, from: stream == .stdout ? .stdout : .stderr)
        }
        let said = ClientLog(text: openSSH.directory.take(log))
        let result = said.result(ending, openSSH.route)
        guard result == .success(.unknown), await master.ends(soonOn: openSSH.clock) else {
            return result
        }
        return .failure(.lost(said.loss(openSSH.route)))
    }

    private static func write(
        _ configuration: RouteFile, to directory: ControlDirectory
    ) throws(SSHTrouble) {
        try directory.write(configuration.text(), to: OpenSSHProgram.configurationName)
        for script in configuration.pinScripts {
            try directory.write(script.text, to: script.name)
        }
    }
}

extension Result<RemoteExit, TransportFailure> {
    /// Whether nothing was sent because the connection was gone.
    fileprivate var diedBefore: Bool {
        guard case .failure(.notSent(let trouble)) = self else { return false }
        return trouble.kind == .unreachable
    }
}

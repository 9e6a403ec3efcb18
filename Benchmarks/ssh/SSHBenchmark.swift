import FleetSSH
import Foundation

/// Runs one line many times over a few bastions, and says how fast and at what cost.
///
/// `ssh-benchmarks KEY USER PORT HOST[,HOST…] IN-FLIGHT LINES [LINE]`, where IN-FLIGHT
/// is per host. `compare.sh` beside this starts the hosts.
@main
struct SSHBenchmark {
    let key: String
    let hops: [SSHHop]
    let inFlight: Int
    let lines: Int
    let line: String

    init?(_ arguments: [String]) {
        guard arguments.count >= 6, let port = Int(arguments[2]),
            let inFlight = Int(arguments[4]), let lines = Int(arguments[5])
        else { return nil }
        key = arguments[0]
        hops = arguments[3].split(separator: ",").map {
            SSHHop(host: String($0), port: port, user: arguments[1])
        }
        (self.inFlight, self.lines) = (inFlight, lines)
        line = arguments.count > 6 ? arguments[6] : "true"
    }

    static func main() async throws {
        guard let benchmark = SSHBenchmark(Array(CommandLine.arguments.dropFirst())) else {
            print("usage: ssh-benchmarks KEY USER PORT HOST[,HOST…] IN-FLIGHT LINES [LINE]")
            exit(64)
        }
        await benchmark.run()
    }

    func run() async {
        let connections = SSHConnections(
            judge: AnyKey(), authenticator: OneKey(path: key))
        var limits = PoolLimits()
        limits.connections = 1
        limits.session.channels = inFlight
        let transports = hops.map { connections.transport(along: SSHRoute([$0]), limits: limits) }
        let begunConnecting = ContinuousClock.now
        let connected = await count(1, over: transports, line: "true")
        let connecting = ContinuousClock.now - begunConnecting
        let (begun, processor) = (ContinuousClock.now, Processor.now)
        let succeeded = await count(lines / hops.count, over: transports, line: line)
        report(
            succeeded, in: ContinuousClock.now - begun, Processor.now - processor,
            connected: connected, in: connecting)
        await connections.close()
    }

    /// Wants so many lines on each host at once, and counts those that succeed. How many
    /// are in flight is the pool's business.
    private func count(
        _ lines: Int, over transports: [LibSSH2Transport], line: String
    ) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            let callers = min(lines, inFlight * 2)
            for caller in 0..<callers {
                let share = lines / callers + (caller < lines % callers ? 1 : 0)
                for transport in transports {
                    group.addTask {
                        var succeeded = 0
                        for _ in 0..<share where await succeeds(line, on: transport) {
                            succeeded += 1
                        }
                        return succeeded
                    }
                }
            }
            return await group.reduce(0, +)
        }
    }

    private func succeeds(_ line: String, on transport: LibSSH2Transport) async -> Bool {
        do {
            return try await transport.run(line, stdin: [], into: Nowhere()) == .exited(0)
        } catch {
            print("failed: \(error)")
            return false
        }
    }

    private func report(
        _ succeeded: Int, in time: Duration, _ processor: Double, connected: Int,
        in connecting: Duration
    ) {
        let seconds = time / .seconds(1)
        print(
            "swift hosts=\(hops.count) K=\(inFlight) ok=\(succeeded) connected=\(connected)",
            "cmds_s=\(Int(Double(succeeded) / seconds))",
            "cli_ms_per_cmd=\(processor * 1000 / Double(max(1, succeeded)))",
            "connect_s=\(connecting / .seconds(1))")
    }
}

/// A benchmark on loopback trusts whom it finds there.
private struct AnyKey: HostKeyJudge {
    func preferredAlgorithms(for hop: SSHHop) async -> [String] { [] }
    func judge(_ key: [UInt8], of hop: SSHHop) async throws(SSHTrouble) {}
}

private struct OneKey: Authenticator {
    let path: String

    func identities(for hop: SSHHop) async throws(SSHTrouble) -> [Identity] {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return [Identity(name: path, unencrypted: Array(bytes))]
    }
}

private struct Nowhere: RemoteOutput {
    func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
}

/// Seconds of processor time that this process has used.
private enum Processor {
    static var now: Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
    }
}

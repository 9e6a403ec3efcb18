import FleetRunner
import FleetSSH
import Foundation

/// Runs a program of this host.
enum TestProgram {
    static func run(
        _ path: String, _ arguments: [String], _ heard: Heard = Heard()
    ) async -> ChildProgram.Ending {
        await ChildProgram(
            path: path, arguments: arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], directory: "/tmp",
            clock: ContinuousClock()
        ).run(.bytes(nil)) { stream, bytes in
            heard.receive(bytes, from: stream == .stdout ? .stdout : .stderr)
        }
    }
}

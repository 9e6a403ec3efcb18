import FleetSSH
import Foundation

/// Runs one line, or one command, many times over a few bastions, and says in one line
/// of text how fast and at what cost. `run` beside this starts the bastions.
@main
enum SSHBenchmark {
    static func main() async {
        guard let options = BenchmarkOptions(CommandLine.arguments.dropFirst()) else {
            print("usage: ssh-benchmarks hosts=A,B port=N user=NAME key=FILE [name=value…]")
            exit(64)
        }
        let connections = SSHConnections(judge: AnyKey(), authenticator: OneKey(path: options.key))
        let figures =
            switch options.what {
            case .lines: await LineBenchmark(options, connections).run()
            case .reads, .jobs: await CommandBenchmark(options, connections).run()
            }
        print(figures)
        await connections.close()
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

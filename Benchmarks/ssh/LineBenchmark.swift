import FleetSSH

/// Lines over the transport, with nothing of the executor around them.
struct LineBenchmark {
    private let options: BenchmarkOptions
    private let transports: [LibSSH2Transport]

    init(_ options: BenchmarkOptions, _ connections: SSHConnections) {
        self.options = options
        transports = options.hops.map {
            connections.transport(along: SSHRoute([$0]), limits: options.limits)
        }
    }

    func run() async -> Figures {
        await Figures.measure {
            await options.repeated(options.hops.count) { host, _ in
                await succeeds("true", on: transports[host])
            }
        } _: {
            await options.repeated(options.lines) { host, _ in
                await succeeds(options.line, on: transports[host])
            }
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
}

private struct Nowhere: RemoteOutput {
    func receive(_ bytes: [UInt8], from stream: RemoteStream) {}
}

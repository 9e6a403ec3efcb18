import FleetModel
import FleetRunner
import FleetSSH

/// Commands through the executor: what runs, `exec` and `bastion check` do.
struct CommandBenchmark {
    private let options: BenchmarkOptions
    private let executor: SSHExecutor

    init(_ options: BenchmarkOptions, _ connections: SSHConnections) {
        self.options = options
        executor = SSHExecutor(
            options.hops.map { hop in
                var bastion = Bastion(BastionName(hop.host))
                bastion.jobsDirectory = options.jobsDirectory
                bastion.maxConnections = options.connections
                bastion.channelsPerConnection = options.inFlight
                return BastionAccess(
                    bastion,
                    through: connections.transport(along: SSHRoute([hop]), limits: options.limits))
            })
    }

    func run() async -> Figures {
        await Figures.measure {
            await options.repeated(options.hops.count) { host, _ in
                await succeeds(host, "first")
            }
        } _: {
            await options.repeated(options.lines) { host, number in
                await succeeds(host, "\(number)")
            }
        }
    }

    private func succeeds(_ host: Int, _ name: String) async -> Bool {
        let place = Command.Place.bastion(BastionName(options.hops[host].host))
        let command = Command(
            options.line.split(separator: " ").map(String.init), place: place,
            isMutating: options.what == .jobs)
        let id = CommandID("benchmark.\(name)")
        let result = await executor.run(command, id: id)
        if options.what == .jobs, options.acknowledges {
            await executor.acknowledge(id, at: place)
        }
        if !result.succeeded { print("failed: \(result.ending)") }
        return result.succeeded
    }
}

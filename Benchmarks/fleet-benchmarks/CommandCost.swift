import FleetModel
import FleetRunner
import Foundation

/// What the local executor adds to a command, beside a bare `posix_spawn`
/// whose streams are read. The three take turns, so that all see the same load.
struct CommandCost {
    let executor: LocalExecutor
    let argv: [String]
    let rounds: Int

    struct Figures {
        var bare = Samples()
        var plain = Samples()
        var durable = Samples()
    }

    func measure() async throws -> Figures {
        var figures = Figures()
        for round in 0..<rounds {
            let end = try ChildProcess.run(argv)
            guard end.succeeded else { throw BenchmarkFailure("\(argv[0]) failed.") }
            figures.bare.append(end.elapsed)
            figures.plain.append(try await run(isMutating: false, round))
            figures.durable.append(try await run(isMutating: true, round))
        }
        return figures
    }

    private func run(isMutating: Bool, _ round: Int) async throws -> Duration {
        let command = Command(argv, isMutating: isMutating)
        let id = CommandID("benchmark.\(UUID().uuidString)")
        let start = ContinuousClock.now
        let result = await executor.run(command, id: id)
        if isMutating { await executor.acknowledge(id, at: .local) }
        let elapsed = ContinuousClock.now - start
        guard result.succeeded else { throw BenchmarkFailure("\(argv[0]): \(result.ending)") }
        return elapsed
    }
}

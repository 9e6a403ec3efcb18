import FleetCoordinator
import FleetModel
import FleetTestKit
import Foundation

/// Plays simulated runs until one breaks a promise, and says how to play it again.
///
/// Usage: `fleet-simulator [FIRST-SEED [RUNS]]`
@main
struct FleetSimulator {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let first = arguments.first ?? 0
        let runs = arguments.dropFirst().first ?? 1
        let halves = [first..<first + runs / 2, first + runs / 2..<first + runs]
        let events = await withTaskGroup(of: Int.self) { group in
            for half in halves { group.addTask { play(half) } }
            var events = 0
            for await half in group { events += half }
            return events
        }
        print("\(runs) runs with \(events) journal entries, no promise broken.")
    }

    private static func play(_ seeds: Range<UInt64>) -> Int {
        seeds.reduce(0) { $0 + play(seed: $1) }
    }

    private static func play(seed: UInt64) -> Int {
        do {
            return try Simulation.play(seed: seed).count
        } catch {
            let report = "\(error)\nhint: swift run fleet-simulator \(seed)\n"
            FileHandle.standardError.write(Data(report.utf8))
            exit(1)
        }
    }
}

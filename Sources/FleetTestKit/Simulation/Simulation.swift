public import FleetModel

/// One whole run drawn from a seed: its plan, its world and its bad luck.
public enum Simulation {
    /// Plays the run and returns its journal.
    ///
    /// - Throws: ``SimulationFailed`` when the run broke a promise or did not end.
    @discardableResult
    public static func play(seed: UInt64) throws -> [JournalEntry] {
        var random = SeededGenerator(seed: seed)
        let plan = Plan.random(using: &random)
        let times = WindowTimes.random(for: plan, using: &random)
        let faults = Faults.random(using: &random)
        var simulator = try Simulator(
            plan: plan, times: times, seed: random.next(), faults: faults)
        do {
            _ = try simulator.play()
        } catch let broken as PromiseBroken {
            throw SimulationFailed(seed: seed, broken: broken, journal: simulator.journal.entries())
        }
        return simulator.journal.entries()
    }
}

/// A run that broke a promise, with the last of what it wrote.
public struct SimulationFailed: Error, CustomStringConvertible {
    public let seed: UInt64
    public let broken: PromiseBroken
    public let journal: [JournalEntry]

    public var description: String {
        let tail = journal.suffix(30).map { "  \($0.time.milliseconds) \($0.event)" }
        return (tail + ["seed \(seed): \(broken)"]).joined(separator: "\n")
    }
}

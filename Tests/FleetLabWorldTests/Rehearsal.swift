import FleetModel

@testable import FleetLab

/// A lab under a clock that only the test moves.
struct Rehearsal {
    let clock: ManualClock
    let fleet: LabFleet

    init(
        clusters: Int = 1, seed: UInt64 = 7, kind: LabKind = .gloo, bigBang: String = "2.54.0",
        isSmall: Bool = false
    ) async throws {
        clock = ManualClock()
        var configuration = LabConfiguration(clusters: clusters, management: 1, seed: seed)
        (configuration.kind, configuration.bigBang) = (kind, bigBang)
        configuration.isSmall = isSmall
        fleet = try await LabFleet(configuration, clock: clock)
        fleet.advance(to: clock.now)
    }

    var edge: ClusterStore { get throws { try store("edge-01") } }
    var management: ClusterStore { get throws { try store("mgmt-1") } }

    func store(_ name: String) throws -> ClusterStore {
        guard let store = fleet.store(name) else { throw StatusError.notFound("clusters", name) }
        return store
    }

    /// Goes from one due moment to the next for so many seconds.
    func run(seconds: Int) {
        let end = clock.now + seconds
        var due = fleet.advance(to: clock.now)
        while let next = due, next <= end {
            clock.advance(milliseconds: max(0, next - clock.now))
            due = fleet.advance(to: clock.now)
        }
        clock.advance(milliseconds: end - clock.now)
        fleet.advance(to: clock.now)
    }

    /// Runs until something holds, for ten minutes at most.
    func run(until isReached: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<600 {
            if try isReached() { return true }
            run(seconds: 1)
        }
        return false
    }

    func startFault(_ fault: LabFault, on cluster: String = "edge-01") {
        fleet.worlds[cluster]?.faults.add(ScheduledFault(fault: fault, start: clock.now))
        fleet.advance(to: clock.now)
    }

    func mend(_ cluster: String = "edge-01") {
        fleet.worlds[cluster]?.faults.remove(nil)
        fleet.advance(to: clock.now)
    }
}

import FleetCoordinator
import FleetJournal
import FleetModel
import Foundation

/// A coordinator that starts one attempt after the other until it is told to halt.
///
/// It has a thread of its own, because a test that waits for another process
/// blocks one of the few that all tests share.
struct HaltableCoordinator {
    private let outcome: AsyncThrowingStream<Never, any Error>

    init(_ journal: RunJournal) {
        let (outcome, end) = AsyncThrowingStream.makeStream(of: Never.self)
        self.outcome = outcome
        Thread.detachNewThread {
            do {
                try startUntilHalted(journal)
                end.finish()
            } catch {
                end.finish(throwing: error)
            }
        }
    }

    /// Waits until it was told, and throws what its journal threw.
    func end() async throws { for try await _ in outcome {} }
}

private func startUntilHalted(_ journal: RunJournal) throws {
    var journal = journal
    var isHalting = false
    var number = 0
    while !isHalting {
        number += 1
        guard number < mostTurns else { throw NobodyHalted() }
        try journal.turn(at: minute(1)) { controls in
            isHalting = !controls.isEmpty
            guard !isHalting else { return [.runHalting(.requested(by: "x", reason: nil))] }
            return [.attemptStarted(Attempt(cluster: "a", phase: 0, step: 0, number: number))]
        }
    }
}

/// Many more than are ever taken before the word comes, and still an end.
private let mostTurns = 100_000

/// Whoever should have said halt never did.
private struct NobodyHalted: Error {}

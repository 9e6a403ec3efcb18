package import FleetCoordinator
package import FleetModel
import Synchronization

/// Passes on what a run says about itself: every event at once, and how it
/// stands a few times a second.
///
/// It keeps snapshots, never the coordinator: holding on to that would make its
/// next change copy the whole fleet.
package final class RunWatch: Sendable {
    private let run: RunID
    private let audience: any RunAudience
    private let scribe: Scribe
    private let notes: NoteBoard
    private let now: @Sendable () -> Timestamp
    private let progress = Mutex((sequence: 0, lastShown: Timestamp(milliseconds: 0)))

    package init(
        run: RunID, audience: any RunAudience, scribe: Scribe, notes: NoteBoard,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.run = run
        self.audience = audience
        self.scribe = scribe
        self.notes = notes
        self.now = now
    }

    package func see(_ news: [JournalEntry], _ coordinator: Coordinator) {
        audience.hear(news)
        let now = now()
        let sequence = progress.withLock { progress -> Int? in
            progress.sequence = news.last?.sequence ?? progress.sequence
            let isDue = now >= progress.lastShown + interval(for: coordinator.plan)
            guard isDue || coordinator.isAtRest else { return nil }
            progress.lastShown = now
            return progress.sequence
        }
        guard let sequence else { return }
        let snapshot = coordinator.snapshot(of: run, at: now, notes: notes.words)
        audience.see(snapshot)
        scribe.see(snapshot, sequence: sequence)
    }

    /// A snapshot costs the size of the fleet, so a large fleet is drawn less often.
    private func interval(for plan: Plan) -> Duration {
        plan.clusters.count <= 1_000 ? .milliseconds(100) : .seconds(1)
    }
}

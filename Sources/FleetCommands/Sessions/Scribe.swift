package import FleetJournal
package import FleetModel
package import FleetRunner
import Synchronization

/// Writes down what other processes may want to see of a run in progress: the
/// latest notes, and now and then a snapshot that spares them the replay.
package final class Scribe: Sendable {
    private let database: JournalDatabase
    private let lock: RunLock
    private let notes: NoteBoard
    private let latest = Mutex<(snapshot: RunSnapshot, sequence: Int)?>(nil)

    package init(database: JournalDatabase, lock: RunLock, notes: NoteBoard) {
        self.database = database
        self.lock = lock
        self.notes = notes
    }

    func see(_ snapshot: RunSnapshot, sequence: Int) {
        latest.withLock { $0 = (snapshot, sequence) }
    }

    /// Writes once a second until cancelled.
    package func keepWriting(_ clock: RunClock) async {
        while !Task.isCancelled {
            await clock.sleep(.seconds(1))
            write(at: clock.now())
        }
    }

    package func write(at now: Timestamp) {
        do {
            try database.note(notes.takeFresh(), by: lock)
            try lock.heartbeat(at: now)
            guard let (snapshot, sequence) = latest.withLock({ $0.take() }) else { return }
            try database.save(
                Checkpoint(sequence: sequence, bytes: SnapshotText.encode(snapshot)), by: lock)
        } catch {
            // What is written here is a convenience for onlookers. A journal in
            // trouble stops the run at its next turn, which can't be missed.
        }
    }
}

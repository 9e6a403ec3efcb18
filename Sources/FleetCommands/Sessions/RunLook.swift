import FleetCoordinator
import FleetJournal
import FleetModel

/// How a run stands, from the journal alone, whoever leads it or led it last.
struct RunLook {
    let reader: JournalReader

    /// The latest snapshot somebody kept, if it is as good as new, else a
    /// replay of the whole journal.
    func snapshot(of run: RunID) async throws -> RunSnapshot {
        if let kept = try kept(run) { return kept }
        return try await replay(run).snapshot(of: run, at: .now, notes: notes(of: run))
    }

    /// The run as the facts have it. The plan is decoded while the events are
    /// read: of a large fleet either takes a tenth of a second.
    func replay(_ run: RunID) async throws -> Coordinator {
        let summary = try reader.run(matching: run.rawValue)
        async let stored = reader.plan(matching: summary.plan.rawValue)
        let entries = try reader.entries(of: run)
        let plan = try await stored
        return Coordinator(plan: plan.plan, times: try plan.windowTimes(), replaying: entries)
    }

    /// A snapshot counts when nothing has happened since; its ages are made new.
    private func kept(_ run: RunID) throws -> RunSnapshot? {
        guard let checkpoint = try reader.latestCheckpoint(of: run),
            checkpoint.sequence == (try reader.lastSequence(of: run)),
            var snapshot = SnapshotText.decode(checkpoint.bytes)
        else { return nil }
        snapshot.takenAt = .now
        return snapshot
    }

    private func notes(of run: RunID) throws -> [ClusterName: String] {
        let notes = try reader.notes(of: run).map { ($0.cluster, $0.text) }
        return Dictionary(notes, uniquingKeysWith: { $1 })
    }
}

import FleetCoordinator
import FleetJournal
import FleetModel

/// How a run stands, from the journal alone, whoever leads it or led it last.
struct RunLook {
    let reader: JournalReader

    /// The latest snapshot somebody kept, if it is as good as new, else a
    /// replay of the whole journal.
    func snapshot(of run: RunID) throws -> RunSnapshot {
        try kept(run) ?? replay(run).snapshot(of: run, at: .now, notes: notes(of: run))
    }

    /// The run as the facts have it.
    func replay(_ run: RunID) throws -> Coordinator {
        let summary = try reader.run(matching: run.rawValue)
        let plan = try reader.plan(matching: summary.plan.rawValue).document.plan
        return Coordinator(plan: plan, replaying: try reader.entries(of: run))
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

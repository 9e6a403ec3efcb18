import FleetModel
import GRDB

/// What the steps that clusters are in remember of them: one baseline for each cluster of a run,
/// from before the step's first command until its verdict is journaled.
extension Database {
    func keep(_ baseline: KeptBaseline, ofRun run: Int64) throws {
        let statement = try cachedStatement(
            sql: """
                INSERT OR REPLACE INTO baseline (run, cluster, phase, step, attempt, name, identity,
                takenAt, outlivesHalt, digest, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let attempt = baseline.attempt
        try statement.execute(arguments: [
            run, attempt.cluster.rawValue, attempt.phase, attempt.step, attempt.number,
            baseline.step, baseline.identity, baseline.takenAt.milliseconds,
            baseline.outlivesHalt, baseline.digest, baseline.text,
        ])
    }

    /// That of an earlier attempt at the same step of the same phase: another step's is left
    /// over from a program that forgot none.
    func baseline(before attempt: Attempt, ofRun run: Int64) throws -> KeptBaseline? {
        let statement = try cachedStatement(
            sql: """
                SELECT attempt, name, identity, takenAt, outlivesHalt, digest, document
                FROM baseline
                WHERE run = ? AND cluster = ? AND phase = ? AND step = ? AND attempt < ?
                """)
        let arguments: StatementArguments = [
            run, attempt.cluster.rawValue, attempt.phase, attempt.step, attempt.number,
        ]
        guard let row = try Row.fetchOne(statement, arguments: arguments) else { return nil }
        let earlier = Attempt(
            cluster: attempt.cluster, phase: attempt.phase, step: attempt.step, number: row[0])
        return KeptBaseline(
            row[6], digest: row[5], of: row[1], by: earlier, identity: row[2],
            at: Timestamp(milliseconds: row[3]), outlivesHalt: row[4])
    }

    func clustersWithBaselines(ofRun run: Int64) throws -> Set<ClusterName> {
        let sql = "SELECT cluster FROM baseline WHERE run = ?"
        return Set(try String.fetchAll(self, sql: sql, arguments: [run]).map { ClusterName($0) })
    }

    /// Forgets what has been judged by, in the transaction that stores the verdict: before it the
    /// next attempt needs it, and after it nobody does.
    func forgetBaselines(after events: [Event], by lock: RunLock) throws {
        for event in events {
            switch event {
            case .attemptFinished(let attempt, let outcome):
                guard lock.mayHaveBaseline(of: attempt.cluster) else { continue }
                try forgetBaseline(of: attempt.cluster, after: outcome, by: lock)
            case .runCompleted:
                try execute(sql: "DELETE FROM baseline WHERE run = ?", arguments: [lock.number])
            default: continue
            }
        }
    }

    private func forgetBaseline(
        of cluster: ClusterName, after outcome: Outcome, by lock: RunLock
    ) throws {
        guard outcome.isVerdict || outcome.isHalt else { return }
        let condition = outcome.isHalt ? "AND NOT outlivesHalt" : ""
        let statement = try cachedStatement(
            sql: "DELETE FROM baseline WHERE run = ? AND cluster = ? \(condition)")
        try statement.execute(arguments: [lock.number, cluster.rawValue])
        if outcome.isVerdict { lock.noteForgotten(cluster) }
    }
}

extension Outcome {
    fileprivate var isHalt: Bool {
        if case .failed(let failure) = self { failure.kind == .interrupted } else { false }
    }
}

public import FleetModel

/// How a run stands as one JSON object, for `status --format json`.
///
/// Times are RFC 3339 in UTC, durations are in seconds. Keys are added, and never renamed.
public enum SnapshotJSON {
    /// `isAttended` tells whether a coordinator holds the run right now, `rollback` who takes it
    /// back or did so last.
    public static func text(
        _ snapshot: RunSnapshot, isAttended: Bool, rollback: RollbackView? = nil
    ) -> String {
        JSON(present: [
            "run": .string(snapshot.run.rawValue),
            "takeover": .string(snapshot.takeover),
            "rollsBack": snapshot.rollsBack.map { .string($0.rawValue) },
            "rollback": rollback?.json,
            "isAttended": .bool(isAttended),
            "policy": .string(snapshot.policy),
            "state": .string(snapshot.state.rawValue),
            "startedAt": snapshot.startedAt.map { JSON($0) },
            "endedAt": snapshot.endedAt.map { JSON($0) },
            "startReason": snapshot.startReason.map { .string($0) },
            "takenAt": JSON(snapshot.takenAt),
            "halt": snapshot.halt?.json,
            "waivers": .array(snapshot.waivers.map(waiver)),
            "next": .string(snapshot.next),
            "waves": .array(snapshot.waves.map(wave)),
            "clusters": .array(snapshot.clusters.map { cluster($0, in: snapshot) }),
        ]).description
    }

    private static func waiver(_ waiver: WaivedCheck) -> JSON {
        JSON(present: [
            "cluster": .string(waiver.cluster.rawValue), "check": .string(waiver.check),
            "reason": .string(waiver.reason), "found": waiver.found.map { .string($0) },
        ])
    }

    private static func wave(_ wave: RunSnapshot.WaveView) -> JSON {
        JSON(present: [
            "phase": .string(wave.phase),
            "name": .string(wave.name),
            "state": .string(wave.state.rawValue),
            "isCanary": .bool(wave.isCanary),
            "clusters": JSON(wave.clusters),
            "succeeded": JSON(wave.succeeded),
            "done": .array(wave.done.map { .string($0.rawValue) }),
            "unchanged": JSON(wave.unchanged),
            "inFlight": JSON(wave.inFlight),
            "waiting": JSON(wave.waiting),
            "failed": JSON(wave.failed),
            "deferred": JSON(wave.deferred),
            "maxConcurrency": JSON(wave.maxConcurrency),
            "maxFailures": JSON(wave.maxFailures),
            "soak": JSON(wave.soak),
            "soaksUntil": wave.soaksUntil.map { JSON($0) },
            "opensAt": wave.opensAt.map { JSON($0) },
        ])
    }

    private static func cluster(
        _ cluster: RunSnapshot.ClusterView, in snapshot: RunSnapshot
    ) -> JSON {
        let isKnown = snapshot.waves.indices.contains(cluster.wave)
        let wave = isKnown ? snapshot.waves[cluster.wave] : nil
        return JSON(present: [
            "name": .string(cluster.name.rawValue),
            "phase": wave.map { .string($0.phase) },
            "wave": wave.map { .string($0.name) },
            "state": .string(cluster.state.rawValue),
            "step": .string(cluster.step),
            "attempt": JSON(cluster.attempt),
            "since": JSON(cluster.since),
            "words": .string(cluster.words),
        ])
    }
}

extension RollbackView {
    fileprivate var json: JSON {
        ["run": .string(run.rawValue), "isOver": .bool(isOver)]
    }
}

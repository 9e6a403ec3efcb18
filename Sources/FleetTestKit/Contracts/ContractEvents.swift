public import FleetModel

/// One event or control of every form there is, with awkward texts in them.
public enum ContractEvents {
    public static let all: [Event] =
        runs + waves + halts.map(Event.runHalting) + attempts
        + outcomes.map { .attemptFinished(attempt, $0) }

    public static let controls: [Control] = [
        .halt(by: "ann", reason: nil), .halt(by: "bob", reason: awkward),
        .approve(nil, by: "ann"), .approve(wave, by: ""), .abort(by: "ann", reason: awkward),
    ]

    public static let outcomes: [Outcome] =
        [.succeeded(changed: true), .succeeded(changed: false), .lost]
        + Failure.Kind.allCases.flatMap { kind in
            [awkward, "", "lost"].map { .failed(Failure(kind, $0)) }
        }

    private static let runs: [Event] = [
        .runStarted(by: "ann"), .runStarted(by: awkward), .runStarted(by: "bob", reason: awkward),
        .coordinatorStarted(epoch: 3, host: "laptop", pid: 4_711),
        .runHalted, .runResumed(by: "ann", failures: .retry),
        .runResumed(by: "bob", failures: .accept(reason: awkward)),
        .runAborted(by: "ann", reason: awkward),
        .runCompleted(withExceptions: true), .runCompleted(withExceptions: false),
    ]

    private static let waves: [Event] = [
        .waveStarted(wave), .waveSkipped(wave),
        .soakStarted(wave, until: Timestamp(milliseconds: .max)),
        .soakStarted(wave, until: Timestamp(milliseconds: -1)),
        .wavePassed(wave), .waveApproved(wave, by: "ann"),
        .windowsWaived(wave, by: "ann", reason: awkward),
        .identityPinned("edge-01", uid: "6f1d"), .identityPinned(ClusterName(awkward), uid: ""),
    ]

    private static let halts: [Halt] = [
        .requested(by: "ann", reason: nil), .requested(by: "ann", reason: awkward),
        .canaryFailed("edge-01", reason: awkward), .failureBudgetSpent(wave, failed: []),
        .fleetBudgetSpent(failed: ["edge-01", "edge-02"]),
        .tooManyDeferred(wave, deferred: ["edge-03"]),
        .identityMismatch("edge-01", reason: awkward),
        .alarmed("edge-01", reason: awkward),
    ]

    private static let attempts: [Event] = [
        .attemptStarted(attempt),
        .attemptStarted(Attempt(cluster: ClusterName(awkward), phase: 0, step: 0, number: .max)),
        .findingWaived(attempt, WaivedFinding("P07", awkward, because: awkward)),
    ]

    private static let attempt = Attempt(cluster: "edge-01", phase: 1, step: 2, number: 3)
    private static let wave = WavePosition(phase: 1, wave: 2)

    /// Quotes, escapes, a NUL, a line's end, letters beyond ASCII and beyond 16 bits.
    private static let awkward = "it's \"quoted\" \\ /\u{0}\n\t%s; DROP TABLE event; ünï 🐑"
}

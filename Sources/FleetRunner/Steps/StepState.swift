import FleetModel

/// What one attempt remembers between its turns.
struct StepState {
    let startedAt: Timestamp
    var hasActed = false
    /// What the step remembers of the cluster before it first acted.
    var baseline: (any StepBaseline)?
    /// Whether the journal was offered that, if there is any.
    var hasOfferedBaseline = false
    /// The commands last run with success.
    var lastRun: [Command] = []
    /// The cluster's identity, as it was checked last.
    var identity: String?
    /// Since when readings have had no answer; `nil` while they have.
    var unansweredSince: Timestamp?
    /// Since when nobody has told whether the cluster is itself; `nil` while somebody does.
    var unrecognisedSince: Timestamp?
    /// When what the step holds was last looked at, or the attempt began.
    var keptUpAt: Timestamp
    /// Commands in a row that failed in a way worth another try.
    var actingFailures = 0
    /// What was last found out, for the words of a failure.
    var words = "nothing was seen"

    private(set) var settled: Set<String> = []
    private var settling: Hold?
    private var lastCommands: [Command] = []
    private var repetitions = 0
    private var ordinal = 0

    init(at now: Timestamp) { (startedAt, keptUpAt) = (now, now) }

    func context(at now: Timestamp) -> StepContext {
        StepContext(
            settled: settled, hasActed: hasActed, baseline: baseline, lastRun: lastRun, now: now)
    }

    mutating func nextOrdinal() -> Int {
        ordinal += 1
        return ordinal
    }

    /// Whether the observation is of an item that has now held for long enough.
    mutating func hasSettled(_ observation: Observation, at now: Timestamp) -> Bool {
        guard case .settling(let item, let duration, let fingerprint) = observation else {
            return false
        }
        settle(item, for: duration, fingerprint: fingerprint, at: now)
        return settled.contains(item)
    }

    private mutating func settle(
        _ item: String, for duration: Duration, fingerprint: String, at now: Timestamp
    ) {
        var hold =
            settling.flatMap { $0.isOf(item, fingerprint) ? $0 : nil }
            ?? Hold(item, fingerprint, at: now)
        hold.see(at: now)
        settling = hold
        guard now >= hold.since + duration else { return }
        settled.insert(item)
        settling = nil
    }

    /// What an answer of the step does to what holds.
    ///
    /// To hold is to be seen at every look. One that shows anything else starts the time anew,
    /// and one that makes no sense withdraws what had held long enough, too. Something else
    /// that merely takes effect withdraws nothing: an item that held is not what it is about.
    mutating func weigh(_ observation: Observation) {
        switch observation {
        case .partial: settling = nil
        case .unknown: forgetHolds()
        case .needs, .settling, .done, .notDone, .failed: return
        }
    }

    /// What held before a change has to hold again after it.
    mutating func forgetHolds() {
        settling = nil
        settled = []
    }

    /// Refuses to run the same commands again and again without effect.
    mutating func expect(_ commands: [Command], of step: StepOutline) throws(StepEnded) {
        guard !commands.isEmpty else {
            throw .failed(.terminal, "step \(step.name) isn't done and has nothing to run")
        }
        repetitions = commands == lastCommands ? repetitions + 1 : 1
        lastCommands = commands
        guard repetitions <= repetitionLimit else {
            throw .failed(
                .terminal,
                "`\(commands[0].purpose)` was run \(repetitionLimit) times and had no effect")
        }
    }

    /// Whether to ask once more who the cluster is.
    mutating func mayStayUnrecognised(at now: Timestamp, for outage: Duration) -> Bool {
        let since = unrecognisedSince ?? now
        unrecognisedSince = since
        return now < since + outage
    }

    /// What a reading without an answer means for the step.
    mutating func observation(
        of failure: KubectlFailure, at now: Timestamp, outage: Duration
    ) throws(StepEnded) -> Observation {
        let since = unansweredSince ?? now
        let isOver = now >= since + outage && unansweredSince != nil
        unansweredSince = since
        words = failure.words
        settling?.isInterrupted = true
        switch failure {
        case .forbidden(let words): throw .failed(.terminal, words)
        case .unavailable(let words): throw .failed(.terminal, words)
        case .untrusted(let words): throw .failed(.identityMismatch, words)
        case .unreachable(let words) where isOver:
            throw .failed(.unreachable, words)
        case .transient(let words) where isOver:
            throw .failed(.transient, words)
        case .unreachable(let words), .transient(let words), .refused(let words),
            .conflict(let words):
            return .unknown(words)
        case .notFound:
            return .unknown("not found")
        }
    }

    /// Counts a failed command, or ends the step when it would fail again.
    mutating func count(_ failure: KubectlFailure, of command: Command) throws(StepEnded) {
        actingFailures += 1
        words = failure.words
        switch failure {
        case .refused(let words), .forbidden(let words), .unavailable(let words):
            throw .failed(.terminal, "`\(command.purpose)` was refused: \(words)")
        case .untrusted(let words): throw .failed(.identityMismatch, words)
        case .unreachable(let words) where actingFailures >= actingFailureLimit:
            throw .failed(.unreachable, words)
        case .conflict(let words) where actingFailures >= conflictLimit:
            throw .failed(.transient, words)
        case .transient(let words) where actingFailures >= actingFailureLimit:
            throw .failed(.transient, words)
        case .conflict, .notFound, .unreachable, .transient:
            return
        }
    }
}

/// How long an item has been seen to hold.
private struct Hold {
    let item: String
    let fingerprint: String
    private(set) var since: Timestamp
    private var seen: Timestamp
    /// Whether a look since then has failed.
    var isInterrupted = false

    init(_ item: String, _ fingerprint: String, at now: Timestamp) {
        (self.item, self.fingerprint, since, seen) = (item, fingerprint, now, now)
    }

    func isOf(_ item: String, _ fingerprint: String) -> Bool {
        self.item == item && self.fingerprint == fingerprint
    }

    /// A look that could not be made is no relapse. What nobody saw does not count as held
    /// either, so the time from the last good look to this one is added to the wait.
    mutating func see(at now: Timestamp) {
        if isInterrupted { since = since + (now - seen) }
        (seen, isInterrupted) = (now, false)
    }
}

extension Observation {
    /// What the observation says to a person; a step may have nothing to say.
    var words: String? {
        switch self {
        case .needs: nil
        case .done(let words), .notDone(let words), .partial(let words), .unknown(let words):
            words.isEmpty ? nil : words
        case .settling(let item, let duration, _):
            "watching for \(duration.short): \(item)"
        case .failed(let failure): failure.reason
        }
    }
}

/// A mutating command that fails to reach the server this often fails the attempt.
private let actingFailureLimit = 5
/// Conflicts clear by reading again; this many in a row are a storm.
private let conflictLimit = 20
/// The effect of a command is read back at once, so even a second time is odd.
private let repetitionLimit = 5

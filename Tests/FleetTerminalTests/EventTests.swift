import FleetModel
import FleetTerminal
import Testing

struct EventTests {
    let attempt = Attempt(cluster: "edge-02", phase: 1, step: 0, number: 2)
    let wave = WavePosition(phase: 1, wave: 2)
    /// No plan has it: the journal belongs to another one.
    let strayWave = WavePosition(phase: 7, wave: 9)

    func text(_ event: Event) -> String {
        let entry = JournalEntry(sequence: 17, time: RunSnapshot.at(202), event: event)
        return EventLine(plan: .sample, style: .plain).text(entry)
    }

    func json(_ event: Event) -> String {
        let entry = JournalEntry(sequence: 17, time: RunSnapshot.at(202), event: event)
        return EventJSON(plan: .sample).line(entry)
    }

    @Test func `an attempt is told by its cluster, its step and its number`() {
        #expect(text(.attemptStarted(attempt)) == "14:03:22 edge-02 ▶ activate attempt 2")
        #expect(
            text(.attemptFinished(attempt, .succeeded(changed: true)))
                == "14:03:22 edge-02 ✔ activate")
        #expect(
            text(.attemptFinished(attempt, .succeeded(changed: false)))
                == "14:03:22 edge-02 ✔ activate: nothing to change")
        #expect(
            text(.attemptFinished(attempt, .lost))
                == "14:03:22 edge-02 ✗ activate attempt 2 was cut off before its end")
    }

    @Test func `a failure is told with its reason`() {
        let failure = Failure(.timedOut, "the probe still\nanswers 1-24")
        #expect(
            text(.attemptFinished(attempt, .failed(failure)))
                == "14:03:22 edge-02 ✗ activate attempt 2 timed out: the probe still answers 1-24")
    }

    @Test func `what was waived is told with what was found and why it may be`() {
        let finding = WaivedFinding("P07", "StatefulSet shop/orders is down", because: "CHG-7")
        #expect(
            text(.findingWaived(attempt, finding))
                == "14:03:22 edge-02 ◌ activate: P07 StatefulSet shop/orders is down "
                + "(waived: CHG-7)")
        let line = JSON(parsing: json(.findingWaived(attempt, finding)))
        #expect(line?["event"] == "findingWaived" && line?["cluster"] == "edge-02")
        #expect(line?["check"] == "P07" && line?["reason"] == "CHG-7")
        #expect(line?["found"] == "StatefulSet shop/orders is down")
    }

    @Test func `waves and the run are told in sentences`() {
        #expect(
            text(.waveStarted(wave))
                == "14:03:22 Wave rest of takeover started with 9 clusters, 3 at once.")
        #expect(
            text(.soakStarted(wave, until: RunSnapshot.at(802)))
                == "14:03:22 Wave rest of takeover soaks until 14:13:22.")
        #expect(
            text(.runHalting(.failureBudgetSpent(wave, failed: ["edge-04", "edge-05"])))
                == "14:03:22 The run is halting: the wave's failure budget is spent by edge-04, "
                + "edge-05; no cluster starts from here on.")
        #expect(
            text(.runResumed(by: "ada", failures: .accept(reason: "known"))).hasSuffix(
                "ada resumed the run and accepts what failed: known."))
    }

    @Test func `the reader's own clock is used when one is given`() {
        let entry = JournalEntry(sequence: 1, time: RunSnapshot.at(0), event: .runHalted)
        let line = EventLine(plan: .sample, style: .plain) { $0.secondOfDayUTC + 7_200 }
        #expect(line.text(entry).hasPrefix("16:00:00 "))
    }

    @Test func `positions that lead nowhere are told by their numbers`() {
        let stray = Attempt(cluster: "edge-99", phase: 8, step: 9, number: 1)
        #expect(text(.attemptStarted(stray)) == "14:03:22 edge-99 ▶ step 9 attempt 1")
        #expect(text(.waveStarted(strayWave)) == "14:03:22 Wave wave 9 of phase 7 started.")
        #expect(json(.attemptStarted(stray)).contains(#""step":"step 9""#))
    }

    @Test func `an event as JSON names its wave, cluster and step`() {
        #expect(
            json(.attemptFinished(attempt, .failed(Failure(.transient, "it said \"no\"")))) == """
                {"attempt":2,"cluster":"edge-02","event":"attemptFinished","kind":"transient",\
                "outcome":"failed","phase":"takeover","reason":"it said \\"no\\"","sequence":17,\
                "step":"activate","time":"2026-01-01T14:03:22.000Z","wave":"few"}
                """)
    }

    @Test func `an event as JSON has what the event holds and no more`() {
        #expect(
            json(.runHalted)
                == #"{"event":"runHalted","sequence":17,"time":"2026-01-01T14:03:22.000Z"}"#)
        #expect(json(.runStarted(by: "ada", reason: "why")).contains(#""by":"ada""#))
        #expect(json(.runStarted(by: "ada", reason: "why")).contains(#""reason":"why""#))
        #expect(!json(.runStarted(by: "ada")).contains("reason"))
        #expect(
            json(.coordinatorStarted(epoch: 3, host: "laptop", pid: 42)).contains(
                #""epoch":3,"event":"coordinatorStarted","host":"laptop","pid":42"#))
        #expect(
            json(.runHalting(.canaryFailed("edge-01", reason: "no"))).contains(
                #""halt":{"clusters":["edge-01"],"kind":"canaryFailed","reason":"canary edge-01"#))
    }

    @Test func `every event is one line in both formats`() {
        for event in allEvents {
            #expect(text(event).split(whereSeparator: \.isNewline) == [text(event)[...]])
            #expect(text(event).count > "14:03:22 ".count, "\(event)")
            #expect(json(event).split(separator: "\n") == [json(event)[...]])
        }
    }

    private var allEvents: [Event] {
        let kinds = Failure.Kind.allCases
        return [
            .runStarted(by: "a\nda"), .runStarted(by: "ada", reason: "line\nbreak"),
            .coordinatorStarted(epoch: 1, host: "h\n", pid: 1),
            .waveStarted(wave), .waveSkipped(strayWave), .identityPinned("edge-01", uid: "u\r\n"),
            .attemptStarted(attempt), .attemptFinished(attempt, .lost), .wavePassed(wave),
            .soakStarted(strayWave, until: RunSnapshot.at(9)), .waveApproved(wave, by: "ada"),
            .windowsWaived(wave, by: "ada", reason: "urgent"),
            .findingWaived(attempt, WaivedFinding("P07", "a\nb", because: "c\nd")),
            .runHalting(.requested(by: "ada", reason: "line\nbreak")), .runHalted,
            .runResumed(by: "ada", failures: .retry), .runAborted(by: "ada", reason: "fire"),
            .runCompleted(withExceptions: true), .runCompleted(withExceptions: false),
        ] + kinds.map { .attemptFinished(attempt, .failed(Failure($0, "no\u{2028}"))) }
    }
}

import FleetModel
import Testing

@testable import FleetRunner

struct JobFactsTests {
    private let begun = """
        claim 100 5000 boot-1
        recorder 101 5001
        started 50.10
        child 103

        """

    @Test func `an empty claim is one that is just being made`() {
        #expect(JobFacts(text: "").state(isAlive: nobody) == .claimed)
        #expect(JobFacts(text: "claim 100 50").state(isAlive: nobody) == .claimed)
    }

    @Test func `a claim whose supervisor died before it began is abandoned`() {
        let facts = JobFacts(text: "claim 100 5000 boot-1\n")
        #expect(facts.state(isAlive: nobody) == .abandoned)
        #expect(facts.state(isAlive: only(100)) == .running)
    }

    @Test func `a job runs while its recorder lives`() {
        let facts = JobFacts(text: begun)
        #expect(facts.state(isAlive: only(101)) == .running)
        #expect(facts.boot == "boot-1")
    }

    @Test func `a job without its recorder is lost, and an orphan while its guard lives`() {
        #expect(JobFacts(text: begun).state(isAlive: nobody) == .lost)
        #expect(JobFacts(text: begun).state(isAlive: only(100)) == .orphaned)
    }

    @Test func `a guard that puts an orphan down keeps the job running`() {
        let facts = JobFacts(text: begun + "stop orphaned 51.00\n")
        #expect(facts.state(isAlive: only(100)) == .running)
        #expect(facts.state(isAlive: nobody) == .lost)
        let stopped = JobFacts(text: begun + "stop orphaned 51.00\nstopped 51.10\n")
        #expect(stopped.state(isAlive: only(100)) == .lost)
    }

    @Test func `a job cancelled before it began was never started`() {
        let facts = JobFacts(text: "claim 100 5000 boot-1\nstop cancelled 50.00\n")
        #expect(facts.state(isAlive: nobody) == .abandoned)
    }

    @Test func `an ended job has its status and its duration`() {
        let facts = JobFacts(text: begun + "ended 7 52.35\n")
        #expect(facts.state(isAlive: nobody) == .ended)
        #expect(facts.ending == .exited(7))
        #expect(facts.duration == .milliseconds(2_250))
    }

    @Test(arguments: [(128, "exit 128"), (137, "signal 9"), (143, "signal 15"), (255, "exit 255")])
    func `a status is read as a shell means it`(status: Int, ending: String) {
        let facts = JobFacts(text: begun + "ended \(status) 52.35\n")
        #expect(facts.ending.description == ending)
    }

    @Test func `what was stopped did not end by itself, whatever its status`() {
        let atDeadline = JobFacts(text: begun + "stop deadline 52.00\nended 0 52.10\n")
        #expect(atDeadline.ending == .timedOut)
        let cancelled = JobFacts(text: begun + "stop cancelled 52.00\nended 1 52.10\n")
        #expect(cancelled.ending == .cancelled)
    }

    @Test func `a stop that came after the end changes nothing`() {
        let facts = JobFacts(text: begun + "ended 0 52.00\nstop cancelled 52.00\nstopped 52.01\n")
        #expect(facts.ending == .exited(0))
    }

    @Test func `an end is not final while the guard still stops the rest of the tree`() {
        let facts = JobFacts(text: begun + "stop deadline 52.00\nended 143 52.10\n")
        #expect(facts.state(isAlive: only(100)) == .running)
        #expect(facts.state(isAlive: nobody) == .ended)
    }

    @Test func `a line cut short counts as not written`() {
        let facts = JobFacts(text: begun + "ended 0 52.")
        #expect(facts.end == nil)
    }

    @Test(arguments: [
        "ended", "ended x y", "ended 0", "ended 0 -1", "ended 0 nan", "ended 99999999999 1",
        "claim 1 2 3", "claim a b c", "recorder 0 0", "stop", "stop what 1", "\u{0}", "🐏", " ",
    ])
    func `a broken line is no fact and no crash`(line: String) {
        let facts = JobFacts(text: begun + line + "\n")
        #expect(facts.end == nil)
        #expect(facts.stopReason == nil)
    }

    @Test func `a process is told by its name's last parenthesis`() {
        let rest = "R 1 77 77 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 424242 0"
        let stat = ProcessStat(line: "5 (a) Z 9 (b)) \(rest)")
        #expect(stat?.startTime == 424_242)
        #expect(stat?.group == 77)
        #expect(stat?.isDead == false)
        #expect(ProcessStat(line: "5 (short) R 1") == nil)
        #expect(ProcessStat(line: "") == nil)
    }
}

private func nobody(_ process: ProcessIdentity) -> Bool { false }

private func only(_ pid: Int32) -> (ProcessIdentity) -> Bool { { $0.pid == pid } }

import FleetModel
import Testing

@testable import FleetTerminal

struct RunViewTests {
    func draw(
        _ snapshot: RunSnapshot = .sample, width: Int = 80, height: Int = 40, style: Style = .plain
    ) -> String {
        RunView.draw(snapshot, width: width, height: height, style: style)
            .joined(separator: "\n")
    }

    @Test func `a run shows its phases, its waves and the clusters worth a line`() {
        #expect(
            draw() == """
                Run 7F3K: istio-1-25, careful   running   12m 04s
                 ✔ prepare
                   ✔ canary  ████████████████  1/1    soaked 10m
                   ✔ rest    ████████████████  12/12  passed
                 ▶ takeover
                   ✔ canary  ████████████████  1/1    soaked 10m
                   ▶ rest    █████████✗▒▒▒░░░  7/12   2 in flight, 1 of 1 failures used
                     edge-022  ✗ activate the injection probe still answers revision 1-24
                     edge-014  ▶ activate attempt 2    48s  the new control plane answers 2 of …
                     edge-019  ▶ restart  attempt 1    12s
                 ◌ retire
                   ◌ canary  ░░░░░░░░░░░░░░░░  0/1    goes first
                   ◌ rest    ░░░░░░░░░░░░░░░░  0/12

                Next: 2 more clusters of wave rest start as others finish.
                """)
    }

    @Test func `other phases fold into one line each when there is little room`() {
        #expect(
            draw(height: 11) == """
                Run 7F3K: istio-1-25, careful   running   12m 04s
                 ✔ prepare   13/13  2 waves
                 ▶ takeover
                   ✔ canary  ████████████████  1/1    soaked 10m
                   ▶ rest    █████████✗▒▒▒░░░  7/12   2 in flight, 1 of 1 failures used
                     edge-022  ✗ activate the injection probe still answers revision 1-24
                     edge-014  ▶ activate attempt 2    48s  the new control plane answers 2 of …
                     edge-019  ▶ restart  attempt 1    12s
                 ◌ retire    0/13  2 waves

                Next: 2 more clusters of wave rest start as others finish.
                """)
    }

    @Test func `the cluster that failed is the last to go`() {
        #expect(
            draw(height: 5) == """
                Run 7F3K: istio-1-25, careful   running   12m 04s
                 ▶ takeover rest    █████████✗▒▒▒░░░  7/12   2 in flight, 1 of 1 failures used
                   edge-022  ✗ activate the injection probe still answers revision 1-24
                   … and 2 more: 2 running
                Next: 2 more clusters of wave rest start as others finish.
                """)
    }

    @Test func `a narrow terminal has words instead of bars`() {
        #expect(
            draw(width: 44, height: 12).split(separator: "\n")[4]
                == "   ▶ rest    7/12   2 in flight, 1 of 1 fai…")
    }

    @Test func `without UTF-8 the signs are ASCII`() {
        let text = draw(style: Style(isTerminal: false, noColour: true, isUTF8: false))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains(" > rest    #########x>>>...  7/12"))
        #expect(text.contains("control plane answers 2 o...\n"))
    }

    @Test func `a run of one phase needs no heading`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.waves = [
                RunSnapshot.wave("takeover", "canary", .soaking, of: 1, done: 1),
                RunSnapshot.wave("takeover", "rest", .awaitingApproval, of: 107),
            ]
            $0.waves[0].soaksUntil = RunSnapshot.at(724 + 312)
            $0.clusters = []
            $0.state = .soaking
        }
        #expect(
            draw(snapshot) == """
                Run 7F3K: istio-1-25, careful   soaking   12m 04s
                 ▶ canary  ████████████████  1/1    soaks for another 5m 12s
                 ◌ rest    ░░░░░░░░░░░░░░░░  0/107  waits for approval

                Next: 2 more clusters of wave rest start as others finish.
                """)
    }

    @Test func `a halted run says why and shows no wave as moving`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.state = .halted
            $0.halt = .canaryFailed("edge-022", reason: "the probe says no")
        }
        let text = draw(snapshot)
        #expect(text.contains("halted   12m 04s\nHalt: canary edge-022 failed: the probe says no"))
        #expect(text.contains(" ✗ takeover\n"))
        #expect(text.contains(" ✗ rest "))
        #expect(text.contains("stopped, 2 in flight"))
    }

    @Test func `of four hundred clusters the failed and the slowest are shown`() {
        let text = draw(.crowded, width: 200, height: 24)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 24)
        #expect(text.contains("edge-250  ✗"))
        #expect(text.contains("edge-399  ▶"))
        #expect(!text.contains("edge-000 "))
        #expect(lines.contains { $0.hasPrefix("   … and 38") && $0.hasSuffix("waiting") })
    }

    @Test func `shown clusters keep the plan's order while their ages change`() throws {
        let text = draw(.crowded, width: 200, height: 24)
        let running = text.split(separator: "\n").filter { $0.contains("▶ step") }
        #expect(running == running.sorted())
        #expect(running.count > 5)
    }

    @Test(arguments: [0, 1, 3, 7, 12])
    func `what has failed is seen in the bar however small its share`(done: Int) {
        let snapshot = RunSnapshot.sample.changed {
            $0.waves[3].clusters = 4_000
            $0.waves[3].succeeded = done
        }
        let line = WaveLine(
            page: RunPage(snapshot: snapshot, width: 80, style: .plain), wave: snapshot.waves[3],
            isQualified: false)
        #expect(line.line.text(.plain).contains("✗"))
    }
}

extension RunSnapshot {
    /// Four hundred clusters at work; the later ones are the slower ones.
    fileprivate static let crowded = sample.changed { snapshot in
        snapshot.waves[3].clusters = 400
        snapshot.clusters = (0..<400).map { number in
            let name = "edge-" + String(String(1_000 + number).dropFirst())
            return ClusterView(
                name: ClusterName(name), wave: 3,
                state: number == 250 ? .failed : number % 2 == 0 ? .waiting : .running,
                step: "step-\(number % 3)", attempt: 1, since: at(Int64(700 - number)), words: "")
        }
    }
}

import FleetModel
import FleetTerminal
import Testing

struct StatusViewTests {
    func lastLines(
        _ state: RunSnapshot.State, isAttended: Bool = true, clusters: Bool = false
    ) -> String {
        let snapshot = RunSnapshot.sample.changed {
            $0.state = state
            if !clusters { $0.clusters = [] }
        }
        let lines = StatusView.draw(snapshot, isAttended: isAttended, width: 80, style: .plain)
        let next = lines.firstIndex { $0.hasPrefix("Next:") } ?? 0
        return lines[(next + 1)...].joined(separator: "\n")
    }

    @Test func `every state that waits for somebody names the command to type`() {
        #expect(lastLines(.planned) == "To start it, run `bellwether run 7F3K`.")
        #expect(
            lastLines(.awaitingApproval)
                == "To let the wave start, run `bellwether approve 7F3K`.")
        #expect(lastLines(.halted) == "To go on, run `bellwether resume 7F3K`.")
        #expect(lastLines(.aborted) == "To go on, run `bellwether resume 7F3K`.")
        #expect(lastLines(.running) == "")
        #expect(lastLines(.completed) == "")
    }

    @Test func `why a run was begun all the same stands at the top`() {
        let snapshot = RunSnapshot.sample.changed { $0.startReason = "the patch is in" }
        let lines = StatusView.draw(snapshot, isAttended: true, width: 80, style: .plain)
        #expect(lines[1] == "Started for a reason: the patch is in")
        let live = RunView.draw(snapshot, width: 80, height: 40, style: .plain)
        #expect(!live.contains { $0.contains("the patch is in") })
    }

    @Test func `what somebody has answered for stands at the top`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.waivers = (1...12).map {
                WaivedCheck("P07", on: ClusterName("e-\($0)"), because: "CHG-\($0)")
            }
        }
        let lines = StatusView.draw(snapshot, isAttended: true, width: 80, style: .plain)
        #expect(lines[1] == "Waived: e-1 P07, CHG-1")
        #expect(lines[8...9] == ["Waived: e-8 P07, CHG-8", "Waived: 4 more, as the plan says"])
        let live = RunView.draw(snapshot, width: 80, height: 40, style: .plain)
        #expect(!live.contains { $0.contains("Waived") })
        let json = JSON(parsing: SnapshotJSON.text(snapshot, isAttended: true))
        #expect(
            json?["waivers"]?.array?.first == ["cluster": "e-1", "check": "P07", "reason": "CHG-1"])
    }

    @Test func `a waiver says what it was needed for once that was found`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.waivers = [WaivedCheck("P07", on: "e-1", because: "CHG-1", found: "it is down")]
        }
        let json = JSON(parsing: SnapshotJSON.text(snapshot, isAttended: true))
        #expect(json?["waivers"]?.array?.first?["found"] == "it is down")
    }

    @Test func `a run that is over took as long as it took`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.state = .completed
            $0.startedAt = Timestamp(milliseconds: 0)
            $0.endedAt = Timestamp(milliseconds: 60_000)
            $0.takenAt = Timestamp(milliseconds: 9_000_000)
        }
        let lines = StatusView.draw(snapshot, isAttended: false, width: 80, style: .plain)
        #expect(lines[0].hasSuffix("complete   1m 00s"), "\(lines[0])")
    }

    @Test func `a run that was rolled back says by whom, and no plain resume`() {
        let snapshot = RunSnapshot.sample.changed { ($0.state, $0.clusters) = (.halted, []) }
        let draw = { (isOver: Bool) in
            StatusView.draw(
                snapshot, isAttended: false,
                rollback: RollbackView(run: "9K2M", isOver: isOver, plan: "7F3K"), width: 120,
                style: .plain)
        }
        #expect(
            draw(true).suffix(3) == [
                "It was rolled back, by run 9K2M.",
                "To begin anew, run `bellwether run 7F3K --reason TEXT`.",
                "To go on without what was rolled back, run "
                    + "`bellwether resume 7F3K --accept-failures --reason TEXT`.",
            ])
        #expect(
            draw(false).suffix(2) == [
                "It is being rolled back, by run 9K2M.",
                "To see how that stands, run `bellwether status 9K2M`.",
            ])
    }

    @Test(
        arguments: [
            (true, ["edge-01"], "Of it edge-01 was rolled back, by run 9K2M."),
            (
                true, ["edge-01", "edge-02"],
                "Of it edge-01, edge-02 were rolled back, by run 9K2M."
            ),
            (false, ["edge-01"], "Of it edge-01 is being rolled back, by run 9K2M."),
        ] as [(Bool, [ClusterName], String)])
    func `who alone was rolled back is named`(
        isOver: Bool, part: [ClusterName], words: String
    ) {
        let lines = StatusView.draw(
            .sample, isAttended: false,
            rollback: RollbackView(run: "9K2M", isOver: isOver, plan: "7F3K", part: part),
            width: 120, style: .plain)
        #expect(lines.contains(words), "\(lines)")
    }

    @Test func `a rollback names the run that it takes back`() {
        let snapshot = RunSnapshot.sample.changed { $0.rollsBack = "9K2M" }
        let lines = StatusView.draw(snapshot, isAttended: true, width: 80, style: .plain)
        #expect(lines[0].contains(", rollback of 9K2M"))
        let list = RunList.draw([snapshot], width: 100, style: .plain)
        #expect(list.joined().contains(", rollback of 9K2M"))
    }

    @Test func `a halted run names the cluster to ask about`() {
        #expect(
            lastLines(.halted, clusters: true) == """
                To see why, run `bellwether why edge-022 --run 7F3K`.
                To go on, run `bellwether resume 7F3K`.
                """)
    }

    @Test func `a run whose coordinator died says how to go on`() {
        #expect(
            lastLines(.running, isAttended: false)
                == "No coordinator holds the run. To go on, run `bellwether resume 7F3K`.")
        #expect(
            lastLines(.awaitingApproval, isAttended: false) == """
                To let the wave start, run `bellwether approve 7F3K`, then
                `bellwether resume 7F3K`.
                """)
    }

    @Test func `a run that waits for a window names the way to begin all the same`() {
        var snapshot = RunSnapshot.sample.changed {
            $0.state = .running
            $0.clusters = []
            for index in $0.waves.indices { $0.waves[index].inFlight = 0 }
        }
        let draw = { (snapshot: RunSnapshot) in
            StatusView.draw(snapshot, isAttended: true, width: 90, style: .plain).joined(
                separator: "|")
        }
        #expect(!draw(snapshot).contains("--outside-windows"))
        snapshot.waves[0].opensAt = snapshot.takenAt + .seconds(90)
        #expect(
            draw(snapshot).hasSuffix(
                "run `bellwether approve 7F3K --outside-windows --reason TEXT`."))
    }

    @Test func `a reason is never cut`() {
        let reason = String(repeating: "the probe still answers revision 1-24 and ", count: 9)
        let snapshot = RunSnapshot.sample.changed {
            $0.clusters = [
                RunSnapshot.ClusterView(
                    name: "edge-022", wave: 3, state: .timedOut, step: "activate", attempt: 3,
                    since: RunSnapshot.at(1), words: reason)
            ]
        }
        let text = StatusView.draw(snapshot, isAttended: true, width: 60, style: .plain)
            .joined(separator: " ")
        let words = text.split(separator: " ").joined(separator: " ")
        #expect(words.contains("timed out: \(reason.dropLast())"))
    }

    @Test func `the list of runs has one line for each`() {
        let planned = RunSnapshot.sample.changed {
            $0.run = "9QX2"
            $0.state = .planned
            $0.startedAt = nil
            for index in $0.waves.indices { $0.waves[index].state = .pending }
        }
        #expect(
            RunList.draw([.sample, planned], width: 80, style: .plain) == [
                "RUN   TAKEOVER    STATE    STARTED (UTC)        AT              DONE",
                "7F3K  istio-1-25  running  2026-01-01 14:00:00  takeover, rest  0/13",
                "9QX2  istio-1-25  planned  –                    –               0/13",
            ])
    }

    @Test func `without runs the list says how to make one`() {
        #expect(
            RunList.draw([], width: 80, style: .plain)
                == [
                    "There are no runs yet. To make a plan, run "
                        + "`bellwether plan TAKEOVER --policy POLICY`."
                ])
    }

    @Test func `the snapshot as JSON names waves and times`() {
        let snapshot = RunSnapshot.sample.changed {
            $0.halt = .requested(by: "ada", reason: nil)
            $0.clusters.append($0.clusters[0])
            $0.clusters[3].wave = 99
        }
        let text = SnapshotJSON.text(snapshot, isAttended: true)
        #expect(text.contains(#""takenAt":"2026-01-01T14:12:04.000Z""#))
        #expect(text.contains(#""name":"edge-014","phase":"takeover","since""#))
        #expect(
            text.contains(#""halt":{"clusters":[],"kind":"requested","reason":"ada asked for it"}"#)
        )
        #expect(text.contains(#""maxFailures":1,"name":"rest","phase":"takeover","soak":0"#))
        #expect(text.contains(#""name":"edge-014","since""#))
        #expect(text.contains(#""isAttended":true"#))
        #expect(!text.contains(#""rollback""#))
    }

    @Test func `the snapshot as JSON names who is done and who takes the run back`() {
        let snapshot = RunSnapshot.sample.changed { $0.waves[0].done = ["edge-001", "edge-002"] }
        let rollback = RollbackView(run: "9QX2", isOver: false, plan: "7F3K")
        let text = SnapshotJSON.text(snapshot, isAttended: false, rollback: rollback)
        #expect(text.contains(#""done":["edge-001","edge-002"]"#))
        #expect(text.contains(#""rollback":{"isOver":false,"run":"9QX2"}"#))
        #expect(text.contains(#""isAttended":false"#))
    }
}

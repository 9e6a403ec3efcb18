import FleetModel
import Testing

@testable import FleetTerminal

struct RehearsalViewTests {
    private var report: RehearsalReport {
        var report = RehearsalReport(
            takeover: "gloo-1-25", policy: "careful", speed: 10, clusters: 3,
            exitCode: .haltedOrWaiting)
        report.surveyedAt = Timestamp(milliseconds: 1_772_373_802_000)
        report.waves = [
            .init(
                phase: "prepare", name: "canary", clusters: 1, succeeded: 1,
                length: .seconds(687), commands: .seconds(16), soak: .minutes(10)),
            .init(
                phase: "prepare", name: "rest", clusters: 2, succeeded: 0, length: .seconds(104),
                commands: .seconds(31), soak: .zero),
            .init(
                phase: "takeover", name: "canary", clusters: 1, succeeded: 0, length: nil,
                commands: .zero, soak: .zero),
        ]
        report.slowestSteps = [
            .init(
                phase: "prepare", step: "add-control-plane", cluster: "edge-01",
                length: .seconds(61), commands: .seconds(2))
        ]
        report.troubles = [
            .init(
                cluster: "edge-02", state: .failed, phase: "prepare", wave: "rest",
                step: "add-control-plane", words: "istiod-1-25 is not ready")
        ]
        report.faults = [
            .init(cluster: "edge-02", name: "control-plane-never-ready"),
            .init(cluster: "edge-03", name: "slow"),
            .init(cluster: "mgmt-1", name: "api-down", isManagement: true),
        ]
        report.halt = .init(
            reason: "the wave's failure budget is spent by edge-02", phase: "prepare",
            wave: "rest", touched: 3)
        report.leftOut = [Plan.LeftOut("edge-09", because: "on hold: it was never surveyed")]
        report.differences = [
            .init(cluster: "edge-03", words: ["owner Rollout shop/web is missing"])
        ]
        return report
    }

    @Test func `a rehearsal is told from its lengths to its end`() {
        let lines = RehearsalView.draw(report, width: 80, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                Rehearsal of gloo-1-25 with careful: 3 clusters
                Made from surveys, the oldest of 2026-03-01 14:03 UTC.

                  PHASE     WAVE    THROUGH    ABOUT     SOAK  COMMANDS
                  prepare   canary      1/1  11m 27s  10m 00s       16s
                  prepare   rest        0/2   1m 44s        –       31s
                  takeover  canary      0/1        –        –        0s
                About 13m 11s in all: prepare 13m 11s.
                An estimate, from a lab at 10× real time. Commands count as long as they took on
                this machine, and are in it.

                Slowest steps:
                  prepare/add-control-plane on edge-01: 1m 01s, commands 2s

                Would not get through:
                  edge-02 would fail at prepare/add-control-plane: istiod-1-25 is not ready

                Faults:
                  edge-02 with control-plane-never-ready would fail at
                    prepare/add-control-plane
                  edge-03 with slow got no further than the others
                  mgmt-1 with api-down shows in what became of its clusters

                Left out:
                  edge-09: on hold: it was never surveyed

                The lab is not quite like the survey:
                  edge-03: owner Rollout shop/web is missing

                The fleet would halt in wave rest of prepare, with 3 of 3 clusters touched: the
                wave's failure budget is spent by edge-02
                A real run would have ended with exit code 4.
                """)
    }

    @Test func `programs read the same in seconds`() throws {
        let document = try #require(JSON(parsing: RehearsalJSON.text(report)))
        #expect(document["exitCode"]?.int == 4)
        #expect(document["length"]?.int == 791)
        #expect(document["waves"]?[0]?["soak"]?.int == 600)
        #expect(document["waves"]?[2]?["length"] == nil)
        #expect(document["halt"]?["touched"]?.int == 3)
        #expect(document["faults"]?[1]?["fate"]?.string == "got no further than the others")
        #expect(document["surveyedAt"]?.string == "2026-03-01T14:03:22.000Z")
    }
}

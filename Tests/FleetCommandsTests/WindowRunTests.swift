import Foundation
import Testing

extension CommandLineTests {
    /// Maintenance windows, by the calendar and the clock of this machine.
    @Suite(.serialized) struct WindowRunTests {
        private let takeover = """
            takeover: notes
            runbook: own
            steps:
              - name: leave-a-note
                phase: takeover
                observe:
                  get: /api/v1/namespaces/default/configmaps/note
                  expect: .data.who == "us"
                act:
                  run: [kubectl, create, configmap, note, -n, default, --from-literal=who=us]
            """

        /// A freeze from yesterday until in two days, in the zone that the days are told in: it
        /// ends in more than one day whatever the hour is.
        private var frozen: String {
            let days = [-1.0, 2].map { Date(timeIntervalSinceNow: $0 * 86_400) }
                .map { $0.ISO8601Format(.iso8601.year().month().day()) }
            return Project.simplePolicy([1])
                + "windows: {deny: [{from: \(days[0]), to: \(days[1]), zone: UTC}]}\n"
        }

        @Test(.lab(clusters: 1)) func `a frozen cluster waits until somebody says why it need not`()
            async throws
        {
            try await Project.onLab([1], policy: frozen) { project, lab in
                try project.write(takeover, to: "Policies/Takeovers/notes.yaml")
                let run = try project.lead("run", "notes", "--policy", "lab")
                try await run.reaches(event: "waveStarted")
                let id = try await project.status().run
                let why = try await project.run("why", Flock.name(1), "--run", id)
                #expect(why.output.contains("Its window opens in 1d"), "\(why.story)")
                let status = try await project.run("status", id)
                #expect(status.output.contains("its window opens in 1d"), "\(status.story)")
                #expect(try lab.changes(of: [Flock.name(1)]).isEmpty)
                let silent = try await project.run("approve", id, "--outside-windows")
                #expect(silent.exit == 64, "\(silent.story)")
                try await project.run(
                    "approve", id, "--outside-windows", "--reason", "it can't wait"
                ).expectSuccess()
                let end = try await run.end()
                #expect(end.exit == 0, "\(end.story)")
                let log = try end.lines.map(RunEvent.init).map(\.event)
                #expect(log.contains("windowsWaived"))
                #expect(try !lab.changes(of: [Flock.name(1)]).isEmpty)
            }
        }

        @Test(.lab(clusters: 1)) func `a window that is too short is no plan`() async throws {
            let short =
                Project.simplePolicy([1])
                + "\nwindows: {allow: [{from: 22:00, to: 22:20, zone: Europe/Berlin}]}\n"
            try await Project.onLab([1], policy: short) { project, _ in
                try project.write(takeover, to: "Policies/Takeovers/notes.yaml")
                let plan = try await project.run("plan", "notes", "--policy", "lab")
                #expect(plan.exit == 65, "\(plan.story)")
                #expect(plan.complaint.contains("is long enough: 20m 00s at most"))
            }
        }
    }
}

import Foundation
import Testing

extension CommandLineTests {
    /// Takeovers taken back, on a lab of their own.
    @Suite(.serialized) struct RollbackTests {
        @Test(.lab(clusters: 1)) func `what was taken over goes back, and stays so`() async throws {
            try await Project.onLab([1], policy: Project.policyBeforeRetire([1])) {
                project, lab in
                let run = try await takenOver([1], project)
                try await expectRefusedWhileGoing(run, project)
                try await project.run("halt", run).expectSuccess()
                try await expectPreview(run, project, lab)
                let back = try await project.lead("rollback", run, "--yes").end()
                #expect(back.exit == 0, "\(back.story)")
                try await project.expectSidecars(of: "default", on: [1])
                try await expectNothingMore(run, project, lab)
                try await expectRejected(run, project)
            }
        }

        @Test(.lab(clusters: 2)) func `a cluster goes back alone, even after a crash`() async throws
        {
            try await Project.onLab([1, 2], policy: Project.policyBeforeRetire([1, 2])) {
                project, lab in
                let run = try await takenOver([1, 2], project)
                try await project.run("halt", run).expectSuccess()
                let moment = try lab.moment()
                let leading = try project.lead("rollback", Flock.name(2), "--yes")
                try await leading.reaches(step: "return-workloads", of: Flock.name(2))
                leading.signal(SIGKILL)
                _ = try await leading.end()
                let rollback = try await project.run("status", "--quiet").lines.first ?? ""
                #expect(rollback != run)
                let refused = try await project.run("rollback", run, "--yes")
                #expect(refused.exit == 65, "\(refused.story)")
                #expect(refused.complaint.contains("`bellwether resume \(rollback)`"))
                let resumed = try await project.lead("resume", rollback).end()
                #expect(resumed.exit == 0, "\(resumed.story)")
                try await project.expectSidecars(of: "default", on: [2])
                try await project.expectSidecars(of: "1-25", on: [1])
                #expect(try lab.changes(of: [Flock.name(1)], since: moment).isEmpty)
            }
        }

        @Test(.lab(clusters: 1)) func `what was retired cannot go back`() async throws {
            try await Project.onLab([1]) { project, lab in
                let done = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(done.exit == 0, "\(done.story)")
                let moment = try lab.moment()
                let run = try await project.run("status", "--quiet").lines.first ?? ""
                let refused = try await project.run("rollback", run, "--yes")
                #expect(refused.exit == 65, "\(refused.story)")
                #expect(refused.complaint.contains("nothing of run \(run) can be rolled back"))
                #expect(refused.complaint.contains("were removed"))
                let again = try await project.run("rollback", "canary", "--yes")
                #expect(again.exit == 65, "\(again.story)")
                #expect(try lab.changes(of: [Flock.name(1), "mgmt-1"], since: moment).isEmpty)
            }
        }

        /// Takes clusters as far as the gate of `retire`.
        private func takenOver(_ numbers: [Int], _ project: Project) async throws -> String {
            let forward = try await project.lead("run", "lab", "--policy", "lab").end()
            #expect(forward.exit == 4, "\(forward.story)")
            let status = try await project.status()
            #expect(status.state == "awaitingApproval")
            try await project.expectSidecars(of: "1-25", on: numbers)
            return status.run
        }

        private func expectRefusedWhileGoing(_ run: String, _ project: Project) async throws {
            let refused = try await project.run("rollback", run, "--yes")
            #expect(refused.exit == 65, "\(refused.story)")
            #expect(refused.complaint.contains("`bellwether halt \(run)`"))
        }

        /// The plan is shown and nothing is done: asked for, or because nobody said yes.
        private func expectPreview(_ run: String, _ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let shown = try await project.run("rollback", run, "--plan-only")
            try shown.expectSuccess()
            #expect(shown.output.contains("rolls run \(run) back on 1 cluster"))
            let unconfirmed = try await project.run("rollback", run)
            #expect(unconfirmed.exit == 64, "\(unconfirmed.story)")
            #expect(unconfirmed.complaint.contains("`--yes`"))
            let plan = try await project.run("rollback", run, "--plan-only", "--quiet")
            let id = plan.lines.first ?? "no plan"
            #expect(unconfirmed.complaint.contains("by `bellwether run \(id)"), "\(plan.story)")
            let explained = try await project.run("rollback", run, "--explain", Flock.name(1))
            try explained.expectSuccess()
            #expect(explained.output.contains("return-workloads"))
            let unknown = try await project.run("rollback", "nobody", "--yes")
            #expect(unknown.exit == 64, "\(unknown.story)")
            #expect(try lab.changes(of: [Flock.name(1), "mgmt-1"], since: moment).isEmpty)
        }

        /// A second rollback of the same run has nothing to change.
        private func expectNothingMore(_ run: String, _ project: Project, _ lab: Lab) async throws {
            let moment = try lab.moment()
            let again = try await project.lead("rollback", run, "--yes").end()
            #expect(again.exit == 0, "\(again.story)")
            let changing = try again.lines.map(RunEvent.init).filter { $0.changed == true }
            #expect(Set(changing.compactMap(\.step)).isSubset(of: ["lock", "unlock"]))
            #expect(try lab.changes(of: [Flock.name(1), "mgmt-1"], since: moment).isEmpty)
        }

        /// Nobody goes forward again by accident; who says why may.
        private func expectRejected(_ run: String, _ project: Project) async throws {
            let rerun = try await project.run("run", "lab", "--policy", "lab")
            #expect(rerun.exit == 65, "\(rerun.story)")
            #expect(rerun.complaint.contains("--reason TEXT"))
            let resumed = try await project.run("resume", run)
            #expect(resumed.exit == 65, "\(resumed.story)")
            #expect(resumed.complaint.contains("was rolled back"))
            let meant = try await project.lead(
                "run", "lab", "--policy", "lab", "--reason", "the patch is in"
            ).end()
            #expect(meant.exit == 4, "\(meant.story)")
            let why = try await project.run("why", Flock.name(1))
            #expect(why.output.contains("started for a reason: the patch is in"), "\(why.story)")
            try await project.expectSidecars(of: "1-25", on: [1])
        }
    }
}

import Foundation
import Testing

extension CommandLineTests {
    /// Upgrades by the sail operator, on a lab that it leads.
    @Suite(.serialized) struct SailTakeoverTests {
        @Test(.lab(clusters: 1, kind: "sail", rare: true))
        func `an upgrade completes, and when it is run again there is nothing to change`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                let name = Flock.name(1)
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit == 0, "\(asked.story)")
                let first = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                try await expectNewRevision(on: name, project)
                let moment = try lab.moment()
                let plan = try await project.run(
                    "plan", "lab", "--policy", "lab", "--quiet", "--reason", "to be sure"
                ).word
                let again = try await project.lead("run", plan).end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [name], since: moment).isEmpty)
                let why = try await project.run("why", name)
                #expect(why.output.contains("started for a reason: to be sure"), "\(why.story)")
            }
        }

        /// Which request is lost depends on the machine, so that this is for `make flaky-way`.
        @Test(
            .lab(clusters: 1, kind: "sail"),
            .enabled(if: ProcessInfo.processInfo.environment["BELLWETHER_FLAKY_WAY"] != nil))
        func `over a flaky way it completes, too, and no workload is restarted twice`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                let name = Flock.name(1)
                try await lab.breakCluster(name, "flaky", setting: "every=8")
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 0, "\(run.story)")
                try await lab.mend(name)
                try await expectNewRevision(on: name, project)
                let restarted = try lab.changes(of: [name])
                    .filter { $0.method == "PATCH" }.compactMap(\.object)
                    .filter { $0.hasPrefix("deployments.apps/") }
                #expect(!restarted.isEmpty)
                #expect(Set(restarted).count == restarted.count, "\(restarted)")
            }
        }

        @Test(.lab(clusters: 1, kind: "sail"))
        func `what moved goes back while the operator keeps the old revision, once`()
            async throws
        {
            let policy = Project.policyBeforeRetire([1])
            try await Project.onLab([1], policy: policy) { project, lab in
                let name = Flock.name(1)
                let patience =
                    #"{"spec":{"updateStrategy":{"#
                    + #""inactiveRevisionDeletionGracePeriodSeconds":86400}}}"#
                _ = try await lab.kubectl(
                    name, "patch", "istio", "default", "--type=merge", "-p", patience)
                try await project.goesThereAndBack(lab) {
                    try await project.expectSidecars(of: "default-v1-28-0", on: [1])
                } back: {
                    try await project.expectSidecars(of: "default-v1-27-3", on: [1])
                }
            }
        }

        /// The operator has removed the old revision, with everything of it.
        private func expectNewRevision(on cluster: String, _ project: Project) async throws {
            let seen = try await project.run(
                "exec", cluster, "--format", "json", "--", "kubectl", "get",
                "istiorevisions,deployments", "-A", "-o", "name")
            #expect(seen.output.contains("default-v1-28-0"), "\(seen.story)")
            #expect(!seen.output.contains("default-v1-27-3"), "\(seen.story)")
        }
    }
}

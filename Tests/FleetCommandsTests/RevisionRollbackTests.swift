import Foundation
import Testing

extension CommandLineTests {
    /// Upgrades by the real helm taken back, on a lab that Helm installed.
    @Suite(
        .serialized,
        .enabled(
            if: Program.helm != nil,
            "there is no helm in the PATH; set BELLWETHER_HELM to one to run these tests"))
    struct UpgradeRollbackTests {
        @Test(.lab(clusters: 1, kind: "revision"))
        func `tags, workloads and gateways go back to the old revision, once`() async throws {
            let helm = try #require(Program.helm)
            let policy = Project.policyBeforeRetire([1])
            try await Project.onHelmLab([1], helm: helm, policy: policy) { project, lab in
                let forward = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(forward.exit == 4, "\(forward.story)")
                try await project.expectSidecars(of: "1-28", on: [1])
                let run = try await project.status().run
                try await project.run("halt", run).expectSuccess()
                let back = try await project.lead("rollback", run, "--yes").end()
                #expect(back.exit == 0, "\(back.story)")
                try await project.expectSidecars(of: "1-27", on: [1])
                let moment = try lab.moment()
                let again = try await project.lead("rollback", run, "--yes").end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [Flock.name(1)], since: moment).isEmpty)
            }
        }
    }
}

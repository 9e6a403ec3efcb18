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
        func `tags, workloads, gateways and ztunnel go back to the old revision, once`()
            async throws
        {
            let helm = try #require(Program.helm)
            let policy = Project.policyBeforeRetire([1])
            try await Project.onHelmLab([1], helm: helm, policy: policy) { project, lab in
                try await project.goesThereAndBack(lab) {
                    try await project.expectSidecars(of: "1-28", on: [1])
                    try await lab.expectTunnel(of: "1-28", "1.28.0", on: Flock.name(1))
                } back: {
                    try await project.expectSidecars(of: "1-27", on: [1])
                    try await lab.expectTunnel(of: "1-27", "1.27.3", on: Flock.name(1))
                }
            }
        }
    }
}

import FleetLab
import FleetModel
import Foundation
import Testing

@testable import FleetCommands

/// The lab of a rehearsal, looked at by the real command and the real kubectl.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct PlayedFleetTests {
    @Test(.lab(clusters: 1)) func `the survey command sees in the lab what it saw in the fleet`()
        async throws
    {
        try await Project.onLab([1]) { project, _ in
            let real = try await survey(project)
            var configuration = LabConfiguration()
            configuration.played = [
                LabCluster(playing: Cluster("mgmt-1"), survey: nil),
                LabCluster(playing: Cluster("edge-01", management: "mgmt-1"), survey: real),
            ]
            let lab = try await FleetLab.Lab(configuration)
            let seen = try await lab.whileServing { port in
                try lead(project, to: port)
                return try await survey(project)
            }
            let played = try #require(seen)
            #expect(Likeness(of: played, to: real).differences == [])
            #expect(played.gateways.map(\.service) == real.gateways.map(\.service))
            #expect(played.operators == real.operators)
            #expect(played.operatorPods == real.operatorPods)
        }
    }

    private func survey(_ project: Project) async throws -> ClusterSurvey {
        let run = try await project.run("survey", "edge-01", "--format", "json")
        try run.expectSuccess()
        return try JSONDecoder().decode(Sighting.self, from: Data(run.output.utf8)).survey
    }

    private struct Sighting: Decodable { let survey: ClusterSurvey }

    /// From now on the project's inventory leads to the lab on this port.
    private func lead(_ project: Project, to port: Int) throws {
        let entries = ["mgmt-1", "edge-01"].map {
            LabKubeconfig.Entry(context: $0, cluster: $0)
        }
        try project.write("\(LabKubeconfig(port: port, entries: entries).document)", to: "played")
        try project.write(
            """
            defaults: {kubeconfig: \(project.file("played").path)}
            management: [{name: mgmt-1, context: mgmt-1}]
            clusters: [{name: edge-01, context: edge-01, management: mgmt-1}]
            """, to: "Inventory/lab.yaml")
    }
}

import Foundation
import Testing

extension CommandLineTests {
    /// Workloads that are not restarted by `kubectl rollout restart` alone, each moved in its way.
    @Suite(.serialized) struct RareWorkloadsTests {
        @Test(.lab(clusters: 1, rare: true))
        func `all that makes its pods anew is moved, and the second run changes nothing`()
            async throws
        {
            try await Project.onLab([1]) { project, lab in
                let name = Flock.name(1)
                let first = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(first.exit == 0, "\(first.story)")
                try await expectWays(project, lab, name)
                #expect(try await revisions(of: "depot", project) == ["1-25"])
                let moment = try lab.moment()
                let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
                let again = try await project.lead("run", plan).end()
                #expect(again.exit == 0, "\(again.story)")
                #expect(try lab.changes(of: [name], since: moment).isEmpty)
            }
        }

        /// Every pod that nothing replaces by itself was evicted, and each but once.
        private func expectWays(_ project: Project, _ lab: Lab, _ cluster: String) async throws {
            let evicted = try lab.changes(of: [cluster]).compactMap(\.object)
                .filter { $0.hasPrefix("pods/depot/") }
            #expect(evicted.count == 9, "\(evicted)")
            let ordinals = evicted.filter { $0.contains("/ledger-") }
            #expect(ordinals == ["pods/depot/ledger-1", "pods/depot/ledger-0"])
            let rollout = try await project.run(
                "exec", cluster, "--format", "json", "--", "kubectl", "-n", "depot", "get",
                "rollout",
                "checkout", "-o", "json")
            let times = rollout.output.matches(of: /restart(?:ed)?At[\\":\s]*([0-9TZ:-]+)/)
            #expect(times.count == 2, "\(rollout.story)")
            #expect(Set(times.map(\.1)).count == 1, "\(rollout.story)")
        }

        /// The revisions of the proxies in a namespace, by what their pods say.
        private func revisions(of space: String, _ project: Project) async throws -> Set<String> {
            let run = try await project.run(
                "exec", Flock.name(1), "--format", "json", "--", "kubectl", "-n", space, "get",
                "pods", "-o", "jsonpath={.items[*].metadata.annotations}")
            let found = run.output.matches(of: /revision\\+":\\+"([a-z0-9-]+)/).map { String($0.1) }
            #expect(!found.isEmpty, "\(run.story)")
            return Set(found)
        }

        @Test(
            .lab(clusters: 1, kind: "revision", rare: true),
            .enabled(if: Program.helm != nil, "there is no helm in the PATH"))
        func `a template that asks for the old revision is told to ask for the new one`()
            async throws
        {
            let helm = try #require(Program.helm)
            try await Project.onHelmLab([1], helm: helm) { project, _ in
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 0, "\(run.story)")
                #expect(try await revisions(of: "annex", project) == ["1-28"])
                #expect(try await revisions(of: "depot", project) == ["1-28"])
                let logs = try await project.run("logs", Flock.name(1))
                #expect(logs.output.contains("restart on 1-28 Deployment annex/payments"))
            }
        }
    }
}

import Foundation
import Testing

extension CommandLineTests {
    /// A Gloo takeover that leads namespaces over by their labels.
    @Suite(.serialized) struct RelabelTests {
        @Test(.lab(clusters: 1))
        func `namespaces are led over by their labels, back to what they said, and over for good`()
            async throws
        {
            try await Project.onLab([1], policy: Project.policyBeforeRetire([1])) { project, lab in
                try project.edit(
                    "Policies/Takeovers/lab.yaml", "gateways: none",
                    "gateways: none\n  namespaces: relabel")
                let original = try await labels(project)
                #expect(original.contains("shop enabled "))
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 4, "\(run.story)")
                #expect(try await labels(project).contains("shop  1-25"))
                try await project.expectSidecars(of: "1-25", on: [1])
                try await expectWayBack(project, to: original)
                try await expectEnd(project, lab)
            }
        }

        private func expectWayBack(_ project: Project, to original: [String]) async throws {
            try await project.goesBack()
            #expect(try await labels(project) == original)
            try await project.expectSidecars(of: "default", on: [1])
        }

        /// Over once more, to the end; and a run after that changes nothing.
        private func expectEnd(_ project: Project, _ lab: Lab) async throws {
            try await project.goesOverOnceMore()
            let moment = try lab.moment()
            let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
            let again = try await project.lead("run", plan, "--reason", "again").end()
            #expect(again.exit == 0, "\(again.story)")
            #expect(try lab.changes(of: [Flock.name(1), "mgmt-1"], since: moment).isEmpty)
        }

        /// What the namespaces that were there before choose their injector by.
        private func labels(_ project: Project) async throws -> [String] {
            let asked = try await project.run(
                "exec", Flock.name(1), "--", "kubectl", "get", "namespaces", "-o", columns)
            try asked.expectSuccess()
            let added = ["petstore", "gm-iop-", "gloo-mesh-gateways"]
            return asked.lines.dropFirst().filter { line in !added.contains { line.hasPrefix($0) } }
        }
    }
}

private let columns =
    #"jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.istio-injection} "#
    + #"{.metadata.labels.istio\.io/rev}{"\n"}{end}"#

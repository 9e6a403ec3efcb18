import Foundation
import Testing

extension CommandLineTests {
    /// A Gloo that makes a revision the default in name only.
    @Suite(.serialized) struct DefaultTagTests {
        private static let cluster = Flock.name(1)

        @Test(.lab(clusters: 1))
        func `a tag that Gloo never makes is ours to make, to take back and to leave`()
            async throws
        {
            try await Project.onLab([1], policy: Project.policyBeforeRetire([1])) { project, lab in
                try await lab.breakCluster(Self.cluster, "default-tag-never-comes")
                let run = try await project.lead("run", "lab", "--policy", "lab").end()
                #expect(run.exit == 4, "\(run.story)")
                #expect(try await tag(lab) == "1-25 true")
                try await project.expectSidecars(of: "1-25", on: [1])
                try await expectWayBack(project, lab)
                try await expectEnd(project, lab)
            }
        }

        private func expectWayBack(_ project: Project, _ lab: Lab) async throws {
            try await project.goesBack()
            #expect(try await tag(lab) == "")
            try await project.expectSidecars(of: "default", on: [1])
        }

        /// Over once more, to the end: what the old control plane was the last to do for
        /// everybody, the new one does.
        private func expectEnd(_ project: Project, _ lab: Lab) async throws {
            try await project.goesOverOnceMore()
            #expect(try await tag(lab) == "1-25 true")
            let callee = try await lab.kubectl(
                Self.cluster, "get", "validatingwebhookconfiguration", "istiod-default-validator",
                "-o", "jsonpath={.webhooks[*].clientConfig.service.name}")
            #expect(callee == "istiod-1-25")
        }

        /// Where the tag points to, and whether we made it.
        private func tag(_ lab: Lab) async throws -> String {
            let fields =
                #"{.metadata.labels.istio\.io/rev} {.metadata.annotations.bellwether/drafted}"#
            return try await lab.kubectl(
                Self.cluster, "get", "mutatingwebhookconfiguration", "istio-revision-tag-default",
                "--ignore-not-found", "-o", "jsonpath=\(fields)")
        }
    }
}

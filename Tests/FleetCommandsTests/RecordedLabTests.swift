import FleetTestKit
import Foundation
import Testing

extension CommandLineTests {
    /// A lab that begins where a recording was made.
    @Suite(.serialized) struct RecordedLabTests {
        private func stage(_ name: String) throws -> RecordedStage {
            let here = URL(filePath: #filePath).deletingLastPathComponent()
            let stages = try RecordedStage.all(below: here.deletingLastPathComponent())
            return try #require(stages.first { $0.name.hasPrefix(name) })
        }

        /// The tag points to the new revision, and the old injector has the last word.
        @Test func `a takeover goes on from the trap of two default injectors`() async throws {
            try await stage("gloo-takeover/40").written { recording in
                try await Lab.beside(clusters: 1, options: ["--from", recording.path]) {
                    let lab = try #require(Lab.current)
                    try await Project.with(files: ["notes": ""]) { project in
                        let place = ["--policy", "lab", "--project", lab.directory.path]
                        let run = try await project.start(["run", "lab"] + place).end()
                        #expect(run.exit == 0, "\(run.story)")
                        let objects = try lab.changes(of: ["cluster-1"]).compactMap(\.object)
                        let injector = objects.firstIndex {
                            $0.hasSuffix("/istio-sidecar-injector")
                        }
                        let restart = objects.firstIndex { $0.contains("bookinfo") }
                        #expect(injector ?? .max < restart ?? .min, "\(objects)")
                        let moment = try lab.moment()
                        let again = try await project.start(["run", "lab"] + place).end()
                        #expect(again.exit == 0, "\(again.story)")
                        let changes = try lab.changes(of: ["cluster-1", "mgmt"], since: moment)
                        #expect(changes.isEmpty, "\(changes)")
                    }
                }
            }
        }
    }
}

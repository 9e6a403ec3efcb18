import FleetTestKit
import Foundation
import Testing

extension CommandLineTests {
    /// A lab that begins where a recording was made.
    @Suite(.serialized) struct RecordedLabTests {
        /// Gloo would make the cluster's name its trust domain where nobody says another, and that
        /// ends a takeover.
        private func keepTrustDomain(_ recording: URL) throws {
            let file = recording.appending(path: "mgmt.json")
            let text = try String(contentsOf: file, encoding: .utf8)
            let entry = #"{"defaultRevision":true,"name":"cluster-1""#
            try #require(text.contains(entry))
            let kept = text.replacing(entry, with: entry + #","trustDomain":"cluster.local""#)
            try Data(kept.utf8).write(to: file)
        }

        @Test func `a new mesh of another trust domain ends a takeover before anything moves`()
            async throws
        {
            try await RecordedStage.named("gloo-takeover/30").written { recording in
                try await Lab.beside(clusters: 1, options: ["--from", recording.path]) {
                    let lab = try #require(Lab.current)
                    try await Project.with(files: ["notes": ""]) { project in
                        let place = ["--policy", "lab", "--project", lab.directory.path]
                        let run = try await project.start(["run", "lab"] + place).end()
                        #expect(run.exit == 4, "\(run.story)")
                        let words = "ConfigMap istio-1-15 has trust domain cluster-1"
                        #expect(run.story.contains(words), "\(run.story)")
                        #expect(try lab.changes(of: ["cluster-1", "mgmt"]).isEmpty)
                    }
                }
            }
        }

        /// Says what a real one does where two injectors overlap, which is an error to it.
        private static let istioctl = """
            #!/bin/sh
            case "$*" in *analyze*)
                echo '[{"code": "IST0139", "level": "Error", "message": "Webhook overlaps with others",'
                echo '  "origin": "MutatingWebhookConfiguration istio-sidecar-injector"}]'
            esac
            """

        /// Errors that istioctl finds keep the lab's takeover from its beginning.
        private func analyze(_ lab: Lab) throws {
            let path = lab.directory.appending(path: "istioctl").path
            try ExecutableFile.write(Self.istioctl, to: path)
            try lab.rewrite("Inventory/lab.yaml") {
                $0.replacing("defaults:\n", with: "defaults:\n  tools: {istioctl: \(path)}\n")
            }
            try lab.rewrite("Policies/Takeovers/lab.yaml") {
                $0.replacing("parameters:\n", with: "parameters:\n  analysis: block\n")
            }
        }

        private static let ingress = "  ingressGateway: manifests/ingress.yaml\n"

        /// The tag points to the new revision, and the old injector has the last word: istioctl's
        /// word on that is expected.
        @Test func `a takeover goes on from the trap of two default injectors`() async throws {
            try await RecordedStage.named("gloo-takeover/40").written { recording in
                try keepTrustDomain(recording)
                try await Lab.beside(clusters: 1, options: ["--from", recording.path]) {
                    let lab = try #require(Lab.current)
                    try analyze(lab)
                    // The recorded cluster has no such gateway.
                    try lab.rewrite("Policies/Takeovers/lab.yaml") {
                        $0.replacing(Self.ingress, with: "")
                    }
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
                        let last = try RecordedStage.named("gloo-takeover/70")
                        let end = MeshPicture(
                            try await lab.objects(of: "cluster-1"), of: last.spaces)
                        #expect(
                            end == MeshPicture(last.clusters["cluster-1"] ?? [], of: last.spaces))
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

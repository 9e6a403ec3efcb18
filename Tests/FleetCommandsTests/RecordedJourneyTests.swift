import FleetLab
import FleetModel
import FleetTestKit
import Foundation
import Testing

/// Recorded takeovers, from their first stage to what their last one shows.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct RecordedJourneyTests {
    /// One fleet: both variants from before, one from a load balancer that was left over, and one
    /// whose releases are ready although istiod is missing.
    @Test func `Big Bang goes over from wherever it was recorded, and again changes nothing`()
        async throws
    {
        let begins = ["254/00", "250/00", "254/51", "254/90"].enumerated().map { index, stage in
            (Flock.name(index + 1), "bigbang-\(stage)")
        }
        let fleet = try Dictionary(uniqueKeysWithValues: begins)
            .mapValues { try #require(try RecordedStage.named($0).clusters["edge-01"]) }
        try await RecordedStage(name: "fleet", clusters: fleet).lab {
            try await Project.onLab([1, 2, 3], policy: Self.allAtOnce) { project, lab in
                try project.setParameters(
                    """
                      delivery: override
                      allowSkew: true
                      dns: others
                      orphans: delete
                    """)
                try await expectCompletion(of: project)
                for (name, begin) in begins.prefix(3) {
                    let end = begin.prefix { $0 != "/" } + "/60"
                    try await expect(name, toLookLike: String(end), since: begin)
                }
                try await expectNothingToChange(project, [1, 2, 3].map(Flock.name))
            }
            try await Project.onLab([4]) { project, lab in
                let asked = try await project.run("preflight", "lab", "--policy", "lab")
                #expect(asked.exit != 0)
                let words = "there is no istiod of revision default"
                #expect(asked.story.contains(words), "\(asked.story)")
                #expect(try lab.changes(of: [Flock.name(4)]).isEmpty)
            }
        }
    }

    @Test func `Gloo takes over to the last stage, and again changes nothing`() async throws {
        try await RecordedStage.named("gloo-takeover/00").lab {
            let lab = try #require(Lab.current)
            // The recorded cluster has no ingress gateway, and its old namespaces go.
            try lab.rewrite("Policies/Takeovers/lab.yaml") {
                $0.replacing("1.15.0-solo", with: "1.15.3-solo")
                    .replacing("  ingressGateway: manifests/ingress.yaml\n", with: "")
                    .replacing(
                        "  gateways: none",
                        with: """
                              gateways: none
                              removeNamespaces: [istio-gateways, istio-operator]
                            """)
            }
            for name in ["istiod", "eastwest"] {
                try lab.rewrite("Policies/Takeovers/manifests/\(name).yaml") {
                    $0.replacing("1.15.0-solo", with: "1.15.3-solo")
                }
            }
            try await Project.ofLab { project in
                try await expectCompletion(of: project)
                try await expect("cluster-1", toLookLike: "gloo-takeover/70", since: "00")
                try await expectNothingToChange(project, ["cluster-1", "mgmt"])
            }
        }
    }

    @Test func `a canary revision takes over to the last stage, and again changes nothing`()
        async throws
    {
        try await RecordedStage.named("revision-canary/00").lab {
            let lab = try #require(Lab.current)
            for file in ["Policies/Takeovers/lab.yaml", "istioctl/objects.json"] {
                try lab.rewrite(file) {
                    $0.replacing("1-25-0", with: "1-25-2").replacing("1.25.0", with: "1.25.2")
                }
            }
            try await Project.onIstioctlLab([1]) { project, _, _ in
                try await expectCompletion(of: project)
                let name = Flock.name(1)
                try await expect(name, toLookLike: "revision-canary/50", since: "00")
                try await expectNothingToChange(project, [name])
            }
        }
    }

    private static let allAtOnce = """
        rollout: lab
        defaults: {gate: {approval: false}}
        waves:
          - {name: all, canary: true, clusters: 100%, maxConcurrency: 100%}

        """

    // MARK: - Parts

    private func expectCompletion(of project: Project) async throws {
        let run = try await project.lead("run", "lab", "--policy", "lab").end()
        #expect(run.exit == 0, "\(run.story)")
    }

    private func expectNothingToChange(_ project: Project, _ clusters: [String]) async throws {
        let lab = try #require(Lab.current)
        let moment = try lab.moment()
        let plan = try await project.run("plan", "lab", "--policy", "lab", "--quiet").word
        let again = try await project.lead("run", plan).end()
        #expect(again.exit == 0, "\(again.story)")
        let changes = try lab.changes(of: clusters, since: moment)
        #expect(changes.isEmpty, "\(changes)")
    }

    /// Compares a cluster with the stage that the takeover was recorded to end in.
    private func expect(
        _ cluster: String, toLookLike end: String, since begin: String
    ) async throws {
        let lab = try #require(Lab.current)
        let scenario = end.prefix { $0 != "/" }
        let first = begin.contains("/") ? begin : "\(scenario)/\(begin)"
        let last = try RecordedStage.named(end)
        let spaces = try last.spaces.union(RecordedStage.named(first).spaces)
        let objects = try await lab.objects(of: cluster)
        let recorded = last.clusters[cluster] ?? last.clusters["edge-01"] ?? []
        #expect(MeshPicture(objects, of: spaces) == MeshPicture(recorded, of: spaces))
    }
}

extension RecordedStage {
    /// - Throws: when there is no stage whose name begins so.
    static func named(_ prefix: String) throws -> RecordedStage {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        return try named(prefix, below: here.deletingLastPathComponent())
    }

    /// Runs beside a lab that begins with it.
    func lab(_ body: () async throws -> Void) async throws {
        try await written { recording in
            try await Lab.beside(clusters: 1, options: ["--from", recording.path]) {
                try await body()
            }
        }
    }
}

extension Lab {
    /// The objects that a picture of the mesh is drawn from.
    func objects(of cluster: String) async throws -> [JSON] {
        let text = try await kubectl(cluster, "get", MeshPicture.kinds, "-A", "-o", "json")
        return JSON(parsing: text)?["items"]?.array ?? []
    }

    /// Changes a file that the lab has written.
    func rewrite(_ path: String, _ change: (String) -> String) throws {
        let file = directory.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        let changed = change(text)
        #expect(changed != text, "\(path) stays as it was")
        try Data(changed.utf8).write(to: file)
    }
}

extension Project {
    /// A project with the files that the lab has written, as they are.
    static func ofLab(_ body: (Project) async throws -> Void) async throws {
        let lab = try #require(Lab.current)
        let folders = ["Inventory", "Policies"]
        var files: [String: String] = [:]
        for folder in folders {
            let place = lab.directory.appending(path: folder).path
            for name in try FileManager.default.subpathsOfDirectory(atPath: place)
            where name.hasSuffix(".yaml") {
                let text = try String(
                    contentsOf: lab.directory.appending(path: "\(folder)/\(name)"), encoding: .utf8)
                files["\(folder)/\(name)"] = text.replacing(
                    "kubeconfig: ../kubeconfig", with: "kubeconfig: \(lab.kubeconfig.path)")
            }
        }
        try await with(files: files, body)
    }
}

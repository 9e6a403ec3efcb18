import Foundation
import Testing

/// What needs no cluster: plans, mistakes and words that nobody knows.
struct PlanningTests {
    @Test(arguments: ["planning", "unknown-words"])
    func `a session goes as it was recorded`(name: String) async throws {
        try await Project.example { project in
            let transcript = try await Session(name, in: project).play()
            #expect(transcript.isAsRecorded, "\(transcript.difference)")
        }
    }

    @Test func `mistakes of several files are told at once, each with its place`() async throws {
        let changes = [
            "Inventory/more.yaml": """
            clusters:
              - {name: edge-05, contxet: edge-05}
              - {name: edge-01, context: other}
              - {name: edge-06, context: edge-06, management: mgmt-north}
            """,
            "Policies/Rollouts/careful.yaml": """
            rollout: careful
            maxConcurrency: lots
            waves:
              - {name: canary, canary: true, clusters: [edge-01], maxConcurrency: 120%}
            """,
            "Policies/Takeovers/gloo.yaml": """
            takeover: gloo
            runbook: glue
            revision: 1-25
            """,
        ]
        try await Project.example(changes) { project in
            let transcript = try await Session("mistakes", in: project).play()
            #expect(transcript.isAsRecorded, "\(transcript.difference)")
        }
    }

    /// AWS would ask the first port, and find every node down.
    @Test func `a gateway whose first port is not the status port is no plan`() async throws {
        try await Project.example { project in
            let path = "Policies/Takeovers/manifests/ingress.yaml"
            let status = "- {name: status-port, port: 15021, targetPort: 15021}"
            let web = "- {name: http2, port: 80, targetPort: 8080}"
            try project.edit(path, status, "- {name: swapped}")
            try project.edit(path, web, status)
            try project.edit(path, "- {name: swapped}", web)
            let plan = try await project.run("plan", "gloo", "--policy", "careful")
            #expect(plan.exit == 65, "\(plan.story)")
            let words = #"istio-ingressgateway: the first port should be "status-port""#
            #expect(plan.complaint.contains(words), "\(plan.story)")
            let place = "at Policies/Takeovers/manifests/ingress.yaml:"
            #expect(plan.complaint.contains(place), "\(plan.story)")
            let run = try await project.run("run", "gloo", "--policy", "careful")
            #expect(run.exit == 65, "\(run.story)")
        }
    }

    @Test func `the same inputs make the same plan, and others another`() async throws {
        let hash = try await Project.example { project in
            let first = try await plan(of: project)
            let second = try await plan(of: project)
            #expect(first.id == second.id)
            #expect(first.sha256 == second.sha256)
            #expect(first.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil)
            return first.sha256
        }
        try await Project.example { project in
            #expect(try await plan(of: project).sha256 == hash)
            let path = "Policies/Takeovers/manifests/istiod.yaml"
            let manifest = try String(contentsOf: project.file(path), encoding: .utf8)
            try project.write(
                manifest.replacing("profile: minimal", with: "profile: empty"), to: path)
            #expect(try await plan(of: project).sha256 != hash)
        }
    }

    @Test func `a plan as JSON says what goes where and what is left out`() async throws {
        try await Project.example { project in
            let plan = try await plan(of: project)
            #expect(plan.clusters.map(\.name).sorted().first == "core-01")
            #expect(plan.clusters.count == 6)
            #expect(plan.phases.map(\.name) == ["prepare", "takeover", "retire"])
            #expect(plan.phases[0].waves.map(\.maxConcurrency) == [1, 2, 2])
            #expect(plan.phases[0].waves.map(\.maxFailures) == [0, 0, 1])
            #expect(plan.phases[0].waves.map(\.worstCase) == [1, 1, 2])
            #expect(plan.leftOut.map(\.cluster) == ["core-03", "test-01"])
        }
    }

    private func plan(of project: Project) async throws -> PlanText {
        let run = try await project.run("plan", "gloo", "--policy", "careful", "--format", "json")
        try run.expectSuccess()
        #expect(run.complaint == "")
        return try JSONDecoder().decode(PlanText.self, from: Data(run.output.utf8))
    }

    @Test func `a quiet plan says its id only, and that is what run takes`() async throws {
        try await Project.example { project in
            let quiet = try await project.run("plan", "gloo", "--policy", "careful", "-q")
            #expect(quiet.output == (try await plan(of: project).id) + "\n")
            #expect(quiet.complaint == "")
        }
    }

    @Test func `an explained cluster shows commands, stdin, what changes and what proves it`()
        async throws
    {
        try await Project.example { project in
            let run = try await project.run(
                "plan", "gloo", "--policy", "careful", "--explain", "core-02")
            try run.expectSuccess()
            let steps = run.lines.compactMap { $0.firstMatch(of: #/^\d+\. ([a-z-]+): /#) }
            #expect(
                steps.prefix(3).map { String($0.output.1) } == [
                    "preflight", "lock", "add-control-plane",
                ])
            #expect(run.lines.contains { $0.contains("--context mgmt-west") })
            #expect(run.lines.contains { $0.contains("kubectl --kubeconfig /etc/bellwether/") })
            #expect(run.lines.contains { $0.hasSuffix("stdin:") })
            #expect(run.lines.contains { $0.contains(": changes, runs here") })
            #expect(run.lines.contains { $0.contains(": only reads, runs here") })
            let proofs = run.lines.filter { $0.hasPrefix("   proof  ") }
            #expect(proofs.count == steps.count)
            let times = run.lines.filter { $0.hasPrefix("   time   at most ") }
            #expect(times.count == steps.count)
            #expect(!run.lines.contains { $0.contains("core-01") })
        }
    }
}

/// A plan, as `plan --format json` says it.
struct PlanText: Decodable {
    let id: String
    let sha256: String
    let clusters: [Cluster]
    let phases: [Phase]
    let leftOut: [LeftOut]

    struct Cluster: Decodable { let name: String }
    struct Phase: Decodable {
        let name: String
        let waves: [Wave]
    }
    struct Wave: Decodable {
        let maxConcurrency: Int
        let maxFailures: Int
        let worstCase: Int
    }
    struct LeftOut: Decodable {
        let cluster: String
        let reason: String
    }
}

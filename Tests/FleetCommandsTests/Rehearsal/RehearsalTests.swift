import FleetLab
import FleetModel
import Foundation
import Testing

/// Rehearsing with the real kubectl: a lab plays the real fleet, is surveyed, and goes away.
@Suite(.serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"))
struct RehearsalTests {
    /// A project whose fleet was surveyed and can't be reached any more: no cluster, and no
    /// kubeconfig either.
    private func afterSurvey(
        of surveyed: [Int], among numbers: [Int] = [1, 2, 3],
        _ body: (Project) async throws -> Void
    ) async throws {
        try await Project.onLab(numbers) { project, lab in
            let names = surveyed.map(Flock.name).joined(separator: ",")
            try await project.run("survey", names).expectSuccess()
            await lab.down()
            try FileManager.default.removeItem(at: lab.kubeconfig)
            try await body(project)
        }
    }

    @Test(.lab(clusters: 2)) func `a fleet is taken over in a lab without being there`()
        async throws
    {
        try await afterSurvey(of: [1, 2], among: [1, 2]) { project in
            let run = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--speed", "20", "--format", "json")
            #expect(run.exit == 0, "\(run.story)")
            let report = try RehearsalText(run.output)
            #expect(report.exitCode == 0)
            #expect(report.halt == nil)
            #expect(report.troubles.isEmpty, "\(run.story)")
            #expect(report.differences.isEmpty, "\(run.story)")
            #expect(report.phases.map(\.name) == ["prepare", "takeover", "retire"])
            #expect(report.phases.allSatisfy { $0.length > 0 })
            #expect(report.waves.map(\.succeeded) == [1, 1, 1, 1, 1, 1])
            #expect(report.slowestSteps.first.map { $0.length > $0.commands } == true)
            // Nothing of it is in the journal of real runs.
            #expect(try await project.run("status").exit == 64)
        }
    }

    @Test(.lab(clusters: 1, kind: "sail-in-place"))
    func `an update by the sail operator is carried out on what the survey tells of it`()
        async throws
    {
        try await afterSurvey(of: [1], among: [1]) { project in
            let run = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--speed", "60", "--format", "json")
            #expect(run.exit == 0, "\(run.story)")
            let report = try RehearsalText(run.output)
            #expect(report.troubles.isEmpty && report.differences.isEmpty, "\(run.story)")
            #expect(report.waves.map(\.succeeded) == [1, 1, 1])
        }
    }

    @Test(.lab(clusters: 3)) func `a fault shows where the fleet would halt`() async throws {
        try await afterSurvey(of: [1, 2, 3]) { project in
            let fault = "canary=control-plane-never-ready"
            let kept = project.file("kept")
            let run = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--speed", "60", "--fault", fault,
                "--keep", kept.path)
            #expect(run.exit == 4, "\(run.story)")
            let text = run.output
            #expect(text.contains("The fleet would halt in wave canary of prepare"), "\(text)")
            #expect(text.contains("with 1 of 3 clusters touched"))
            #expect(text.contains("with control-plane-never-ready would fail at prepare/"))
            #expect(run.lines.last == "A real run would have ended with exit code 4.")
            // What is kept can be asked like any other run.
            let journal = kept.appending(path: "journal.sqlite").path
            let why = try await project.run("why", Flock.name(1), "--journal", journal)
            #expect(why.exit == 0, "\(why.story)")
            let again = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--keep", kept.path)
            #expect(again.exit == 64, "\(again.story)")
        }
    }

    @Test(.lab(clusters: 3)) func `clusters without a survey are named, and left out if asked`()
        async throws
    {
        try await afterSurvey(of: [1, 2]) { project in
            let refused = try await project.run("rehearse", "lab", "--policy", "lab")
            #expect(refused.exit == 64, "\(refused.story)")
            #expect(refused.complaint.contains("no survey is kept of edge-03"))
            #expect(refused.complaint.contains("`bellwether survey`"))
            let odd = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--fault", "edge-01=gremlins", "--partial")
            #expect(odd.exit == 64, "\(odd.story)")
            // Before anything is built, and said to be.
            #expect(!odd.complaint.contains("Rehearsing"), "\(odd.story)")
            let left = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--fault", "edge-03=slow", "--partial")
            #expect(left.exit == 64, "\(left.story)")
            #expect(!left.complaint.contains("Rehearsing"), "\(left.story)")
            let partial = try await project.run(
                "rehearse", "lab", "--policy", "lab", "--partial", "--speed", "60", "--format",
                "json", "--fault", "edge-01=ilm-failed")
            #expect(partial.exit == 4, "\(partial.story)")
            let report = try RehearsalText(partial.output)
            #expect(report.leftOut.map(\.cluster) == ["edge-03"])
            #expect(report.halt?.touched == 1)
            #expect(report.troubles.map(\.cluster) == ["edge-01"])
        }
    }

    @Test func `before any survey every cluster is named and nothing is made`() async throws {
        try await Project.example { project in
            let run = try await project.run("rehearse", "gloo", "--policy", "careful")
            #expect(run.exit == 64, "\(run.story)")
            #expect(!FileManager.default.fileExists(atPath: project.journal.path))
        }
    }
}

/// What `rehearse --format json` says.
struct RehearsalText: Decodable {
    let exitCode: Int
    let halt: Halt?
    let troubles: [Trouble]
    let differences: [Difference]
    let phases: [Phase]
    let waves: [Wave]
    let slowestSteps: [Step]
    let leftOut: [LeftOut]

    init(_ text: String) throws {
        self = try JSONDecoder().decode(RehearsalText.self, from: Data(text.utf8))
    }

    struct Halt: Decodable { let touched: Int }
    struct Trouble: Decodable { let cluster: String }
    struct Difference: Decodable { let words: [String] }
    struct Phase: Decodable {
        let name: String
        let length: Double
    }
    struct Wave: Decodable { let succeeded: Int }
    struct Step: Decodable {
        let length: Double
        let commands: Double
    }
    struct LeftOut: Decodable { let cluster: String }
}

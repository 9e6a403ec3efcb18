import Foundation
import Testing

/// Looking at clusters of a lab with the real kubectl.
@Suite(
    .serialized, .enabled(if: Program.hasKubectl, "kubectl isn't installed"), .lab(clusters: 3))
struct SurveyTests {
    @Test func `a survey shows each cluster and changes none`() async throws {
        try await Project.onLab([1, 2]) { project, lab in
            let moment = try lab.moment()
            let survey = try await project.run("survey", "--format", "json")
            try survey.expectSuccess()
            let sightings = try survey.lines.map(SightingText.init)
            #expect(sightings.map(\.cluster) == ["edge-01", "edge-02"])
            for sighting in sightings {
                let seen = try #require(sighting.survey)
                #expect(seen.controlPlanes.map(\.revision) == ["default"])
                #expect(seen.proxies.contains { $0.kind == "sidecar" && $0.count > 0 })
                #expect(seen.injectors.filter(\.acts).map(\.name) == ["istio-sidecar-injector"])
                #expect(seen.roots.count == 1)
                #expect(seen.owners.contains { $0.restart.standing == "possible" })
                #expect(seen.gaps.isEmpty)
            }
            #expect(try lab.changes(of: ["edge-01", "edge-02", "mgmt-1"], since: moment).isEmpty)
            let table = try await project.run("survey")
            #expect(table.lines.first == "Survey of 2 clusters")
            let page = try await project.run("survey", "edge-01")
            #expect(page.lines.contains { $0.contains("control planes") })
        }
    }

    @Test func `a cluster that is away is a row with its reason, and the others are shown`()
        async throws
    {
        try await Project.onLab([1, 2, 3]) { project, lab in
            try await lab.breakCluster("edge-02", "unreachable")
            let survey = try await project.run("survey", "--format", "json")
            try await lab.mend("edge-02")
            #expect(survey.exit == 3, "\(survey.story)")
            let sightings = try survey.lines.map(SightingText.init)
            #expect(sightings.map { $0.survey == nil } == [false, true, false])
            #expect(sightings[1].failure?.isEmpty == false)
            try await lab.breakCluster("edge-02", "unreachable")
            let table = try await project.run("survey", "edge-01", "edge-02")
            let quiet = try await project.run("survey", "edge-01,edge-02", "--quiet")
            try await lab.mend("edge-02")
            #expect(table.exit == 3, "\(table.story)")
            #expect(table.lines.contains { $0.hasPrefix("  edge-01") })
            #expect(table.lines.contains("Could not be read:"))
            #expect(quiet.lines == ["edge-02"])
        }
    }

    @Test func `what changed since the last survey is shown`() async throws {
        try await Project.onLab([3]) { project, _ in
            let first = try await project.run("survey", "--diff")
            try first.expectSuccess()
            #expect(first.lines.contains("edge-03  was never surveyed before"))
            let made = try await project.run(
                "exec", "edge-03", "--changes", "--", "kubectl", "create", "namespace", "new-one")
            try made.expectSuccess()
            let second = try await project.run("survey", "--selector", "role=first", "--diff")
            try second.expectSuccess()
            #expect(
                second.lines.contains { $0.hasPrefix("  + namespace new-one: asks for nothing") },
                "\(second.story)")
            let third = try await project.run("survey", "--diff", "--format", "json")
            let sighting = try SightingText(third.lines.first ?? "")
            #expect(sighting.since != nil)
            #expect(sighting.changes?.contains { $0.subject == "new-one" } == false)
        }
    }

    @Test func `a journal of nothing but surveys is no run`() async throws {
        try await Project.onLab([1]) { project, _ in
            try await project.run("survey", "-q").expectSuccess()
            #expect(try await project.run("status").exit == 64)
            let files = try Permissions.under(project.file(".bellwether"))
            #expect(files.filter { !$0.areOwnersAlone } == [])
        }
    }
}

/// A line of `survey --format json`.
private struct SightingText: Decodable {
    let cluster: String
    let failure: String?
    let survey: Survey?
    let since: String?
    let changes: [Change]?

    init(_ line: String) throws {
        self = try JSONDecoder().decode(SightingText.self, from: Data(line.utf8))
    }

    struct Survey: Decodable {
        let controlPlanes: [Plane]
        let proxies: [Proxies]
        let injectors: [Injector]
        let owners: [Owner]
        let roots: [Root]
        let gaps: [String]
    }
    struct Plane: Decodable { let revision: String }
    struct Proxies: Decodable {
        let kind: String
        let count: Int
    }
    struct Injector: Decodable {
        let name: String
        let acts: Bool
    }
    struct Owner: Decodable { let restart: Restart }
    struct Restart: Decodable { let standing: String }
    struct Root: Decodable { let fingerprints: [String] }
    struct Change: Decodable { let subject: String }
}

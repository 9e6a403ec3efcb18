import FleetModel
import Testing

@testable import Takeovers

@Suite struct SurveyDifferenceTests {
    private func words(_ change: SurveyDifference.Change) -> String {
        "\(change.topic.rawValue) \(change.subject): \(change.before ?? "-") > \(change.after ?? "-")"
    }

    @Test func `a cluster that stood still has no changes`() throws {
        for (path, _) in try Scenarios.all() where !path.hasSuffix("mgmt") {
            let survey = try World(stage: path).seen()
            #expect(SurveyDifference(from: survey, to: survey).changes.isEmpty)
        }
    }

    @Test func `what came, went and changed is told in the order of the topics`() throws {
        let before = try World("40").seen()
        let after = try World("50").seen()
        let changes = SurveyDifference(from: before, to: after).changes.map(words)
        #expect(
            changes.contains(
                "injector istio-sidecar-injector: default, acts by default > default"))
        #expect(
            changes.contains(
                "injector istio-revision-tag-default: 1-15, a default > 1-15, acts by default"))
        #expect(changes.contains { $0.hasPrefix("proxies sidecar default 1.14.5: ") })
        #expect(changes.contains { $0.hasPrefix("owner Deployment bookinfo/") })
        let topics = SurveyFact.Topic.allCases.map(\.rawValue)
        let order = changes.compactMap { change in topics.firstIndex { change.hasPrefix($0) } }
        #expect(order == order.sorted())
    }

    @Test func `there and back again is nothing`() throws {
        let (one, two) = (try World("00").seen(), try World("70").seen())
        let there = SurveyDifference(from: one, to: two).changes
        let back = SurveyDifference(from: two, to: one).changes
        #expect(there.count == back.count)
        #expect(there.map(\.before) == back.map(\.after))
        #expect(!there.isEmpty)
    }

    @Test func `a root that two sets share is told once`() {
        var survey = ClusterSurvey()
        survey.roots = [
            .init(fingerprints: ["a", "b"], namespaces: ["x", "y"]),
            .init(fingerprints: ["a"], namespaces: ["z"]),
        ]
        let changes = SurveyDifference(from: ClusterSurvey(), to: survey).changes
        #expect(
            changes.map(words) == [
                "root a: - > in 2 namespaces; in 1 namespaces", "root b: - > in 2 namespaces",
            ])
    }
}

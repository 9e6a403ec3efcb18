import FleetModel
import FleetTerminal
import Testing

struct SurveyViewTests {
    @Test func `a fleet is a line for each cluster and what to look at`() {
        let lines = SurveyView.draw(.sample, width: 110, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                GOLDEN1
                """)
    }

    @Test func `a cluster's page holds everything that was seen`() {
        let lines = ClusterSurveyView.draw(
            .trapped, of: "edge-01", width: 90, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                GOLDEN2
                """)
    }

    @Test func `what came is told with a plus, what went with a minus`() {
        let difference = SurveyDifference(from: .calm, to: .trapped)
        let earlier = Timestamp(milliseconds: 1_749_999_000_000)
        let lines = SurveyDifferenceView.draw(
            difference, of: "edge-01", since: earlier, width: 90, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                GOLDEN3
                """)
        let back = SurveyDifferenceView.draw(
            SurveyDifference(from: .trapped, to: .calm), of: "edge-01", since: earlier, width: 90,
            style: .plain)
        #expect(
            back.contains(
                "  - owner Pod shop/toolbox: 1 x default 1.14.5 (a bare pod: nothing would make it anew)"
                    .prefix(90) + ""))
    }

    @Test func `nothing new and nothing to compare with are both said`() {
        let same = SurveyDifference(from: .calm, to: .calm)
        let time = Timestamp(milliseconds: 1_750_000_000_000)
        let draw = { (difference: SurveyDifference?, earlier: Timestamp?) in
            SurveyDifferenceView.draw(
                difference, of: "edge-02", since: earlier, width: 80, style: .plain)
        }
        #expect(draw(same, time) == ["edge-02  is as it was on 2025-06-15 15:06:40 UTC"])
        #expect(draw(nil, nil) == ["edge-02  was never surveyed before"])
    }

    @Test(arguments: [20, 40, 60, 80, 200])
    func `no line is wider than the screen`(width: Int) {
        let lines =
            SurveyView.draw(.sample, width: width, style: .plain)
            + ClusterSurveyView.draw(.trapped, of: "edge-01", width: width, style: .plain)
        for line in lines { #expect(line.count <= width, "\(line)") }
    }

    @Test func `long lists of concerns are cut, and say where the rest is`() {
        var survey = ClusterSurvey.calm
        survey.gaps = (1...9).map { "gap \($0)" }
        let fleet = FleetSurvey(
            takenAt: Timestamp(milliseconds: 0), sightings: [.init("edge-01", .seen(survey))])
        let lines = SurveyView.draw(fleet, width: 80, style: .plain)
        #expect(lines.contains { $0.contains("and 4 more, see `bellwether survey edge-01`") })
        let page = ClusterSurveyView.draw(survey, of: "edge-01", width: 80, style: .plain)
        #expect(page.filter { $0.contains("not read: gap") }.count == 9)
    }

    @Test func `what a cluster says never moves the cursor`() {
        var survey = ClusterSurvey.calm
        survey.gaps = ["\u{1B}[2J gone"]
        survey.trustDomains = ["a\u{1B}[31m"]
        let fleet = FleetSurvey(
            takenAt: Timestamp(milliseconds: 0), sightings: [.init("edge-01", .seen(survey))])
        let lines =
            SurveyView.draw(fleet, width: 80, style: .plain)
            + ClusterSurveyView.draw(survey, of: "edge-01", width: 80, style: .plain)
        #expect(!lines.joined().contains("\u{1B}"))
    }
}

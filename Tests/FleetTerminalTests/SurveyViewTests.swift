import FleetModel
import FleetTerminal
import Testing

struct SurveyViewTests {
    @Test func `a fleet is a line for each cluster and what to look at`() {
        let lines = SurveyView.draw(.sample, width: 110, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                Survey of 3 clusters, 1 of them could not be read
                  CLUSTER  CONTROL PLANES         PROXIES                 DEFAULT  INJECTED  RESTART  STAY  GATEWAYS  ROOTS
                  edge-01  default 1.14.5, 1-15…  3 x 1-15 1.15.3-solo,…  default       2/4        1     1       0/1  c1258348
                  edge-02  default 1.14.5         12 x default 1.14.5     default       2/3        1     0       0/0  c1258348
                  What ends in … was cut. `bellwether survey CLUSTER` and `--format json` have the whole.
                Could not be read:
                  edge-03  Unable to connect to the server: dial tcp 10.0.0.1:6443: i/o timeout
                To look at:
                  edge-01  istiod 1-15 1.15.3-solo: 0 of 1 pods are available
                  edge-01  2 default injectors, of which the last acts: istio-revision-tag-default, istio-sidecar-injector
                  edge-01  nobody injects into lost, which asks for revision prod
                  edge-01  Service gloo-mesh-gateways/istio-eastwestgateway has no address
                  edge-01  Pod shop/toolbox can't be restarted: a bare pod: nothing would make it anew
                """)
    }

    @Test func `nothing of a table is lost off a terminal, nor where it fits`() {
        let pipe = Style(isTerminal: false, environment: ["LANG": "C.UTF-8"])
        let wide = SurveyView.draw(.sample, width: 150, style: .plain)
        let piped = SurveyView.draw(.sample, width: 60, style: pipe)
        for lines in [wide, piped] {
            #expect(
                lines.contains {
                    $0.contains("default 1.14.5, 1-15 1.15.3-solo  3 x 1-15 1.15.3-solo, 12 x")
                })
            #expect(!lines.contains { $0.contains("was cut") })
        }
    }

    @Test func `off a terminal all namespaces are listed`() {
        var survey = ClusterSurvey.calm
        let names = (1...30).map { "namespace-\($0)" }
        survey.namespaces = [.init(asks: "nothing", gets: nil, names: names, isUnanswered: false)]
        let pipe = Style(isTerminal: false, environment: [:])
        let draw = { (style: Style) in
            ClusterSurveyView.draw(survey, of: "edge-01", width: 80, style: style)
                .joined(separator: "\n")
        }
        #expect(draw(pipe).contains("namespace-30"))
        #expect(draw(.plain).contains("more"))
    }

    @Test func `a cluster's page holds everything that was seen`() {
        let lines = ClusterSurveyView.draw(
            .trapped, of: "edge-01", width: 90, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                edge-01  v1.27.3
                  control planes  default 1.14.5 (istio-system/istiod)
                                  1-15 1.15.3-solo (istio-system/istiod-1-15): 0 of 1 pods are available
                  proxies         1 x gateway 1-15 1.15.3-solo
                                  12 x sidecar default 1.14.5
                                  2 x sidecar 1-15 1.15.3-solo
                  injectors       istio-revision-tag-default: revision 1-15, tag default, a default
                                  istio-sidecar-injector: revision default, acts by default
                  namespaces      asks for default, gets default: bookinfo, shop
                                  asks for nothing, gets none: kube-system
                                  asks for revision prod, nobody answers: lost
                  to restart      1 Deployment, 1 of them with a single pod
                  stays           Pod shop/toolbox: a bare pod: nothing would make it anew
                  gateways        gloo-mesh-gateways/istio-eastwestgateway: no address, 1 ready, 1-15
                                  1.15.3-solo
                  roots           c12583481736c8d7 in 2 namespaces
                  trust domain    cluster.local
                  operators       IstioOperator istio-system/control-plane at default: HEALTHY
                  to look at      istiod 1-15 1.15.3-solo: 0 of 1 pods are available
                                  2 default injectors, of which the last acts: istio-revision-tag-default,
                                  istio-sidecar-injector
                                  nobody injects into lost, which asks for revision prod
                                  Service gloo-mesh-gateways/istio-eastwestgateway has no address
                                  Pod shop/toolbox can't be restarted: a bare pod: nothing would make it
                                  anew
                """)
    }

    @Test func `what came is told with a plus, what went with a minus`() {
        let difference = SurveyDifference(from: .calm, to: .trapped)
        let earlier = Timestamp(milliseconds: 1_749_999_000_000)
        let lines = SurveyDifferenceView.draw(
            difference, of: "edge-01", since: earlier, width: 90, style: .plain)
        #expect(
            lines.joined(separator: "\n") == """
                edge-01  7 changes since 2025-06-15 14:50:00 UTC
                  + control plane istio-system/istiod-1-15: 1-15 1.15.3-solo, 0 of 1 pods are available
                  + proxies gateway 1-15 1.15.3-solo: 1
                  + proxies sidecar 1-15 1.15.3-solo: 2
                  + injector istio-revision-tag-default: 1-15, a default
                  + namespace lost: asks for revision prod
                  + owner Pod shop/toolbox: 1 x default 1.14.5 (a bare pod: nothing would make it anew)
                  + gateway gloo-mesh-gateways/istio-eastwestgateway: no address, 1 ready, 1-15
                      1.15.3-solo
                """)
        let back = SurveyDifferenceView.draw(
            SurveyDifference(from: .trapped, to: .calm), of: "edge-01", since: earlier, width: 90,
            style: .plain)
        #expect(
            back.suffix(3).joined(separator: "\n") == """
                  - owner Pod shop/toolbox: 1 x default 1.14.5 (a bare pod: nothing would make it anew)
                  - gateway gloo-mesh-gateways/istio-eastwestgateway: no address, 1 ready, 1-15
                      1.15.3-solo
                """)
    }

    @Test func `what is another now is told with what it was`() {
        var moved = ClusterSurvey.calm
        moved.gateways = [
            .init(
                service: "a/b", type: "LoadBalancer", address: "10.0.0.1", readyEndpoints: 1,
                proxies: ["1-15"])
        ]
        var later = moved
        later.gateways[0].address = "10.0.0.2"
        let lines = SurveyDifferenceView.draw(
            SurveyDifference(from: moved, to: later), of: "edge-01",
            since: Timestamp(milliseconds: 0), width: 90, style: .plain)
        #expect(
            lines.last == "  ~ gateway a/b: 10.0.0.1, 1 ready, 1-15, now 10.0.0.2, 1 ready, 1-15")
    }

    @Test func `a root is told as short as in the table`() {
        var later = ClusterSurvey.calm
        later.roots = [.init(fingerprints: ["0123456789abcdef"], namespaces: ["a"])]
        let lines = SurveyDifferenceView.draw(
            SurveyDifference(from: .calm, to: later), of: "edge-01",
            since: Timestamp(milliseconds: 0), width: 90, style: .plain)
        #expect(lines.contains("  + root 01234567: in 1 namespaces"), "\(lines)")
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

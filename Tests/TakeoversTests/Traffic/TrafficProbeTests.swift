import FleetModel
import Testing

@testable import Takeovers

@Suite struct TrafficProbeTests {
    private static let url = "https://shop.example.com/health"

    private func situation(_ probes: JSON, budget: String? = nil) -> Situation {
        var parameters: [String: JSON] = ["gateways": "none", "probes": probes]
        if let budget { parameters["probeErrors"] = .string(budget) }
        return .gloo(.gloo(parameters: parameters))
    }

    private func problems(_ parameters: [String: JSON]) -> [String] {
        GlooRunbook.problems(in: .gloo(parameters: parameters)).map(\.problem)
    }

    // MARK: - As it is written

    @Test(
        arguments: [
            ("\"https://shop.example.com/\"", nil),
            (#"{"url": "http://${cluster}.example.com", "status": [200, 401]}"#, nil),
            (
                #"{"url": "https://shop.example.com", "gateway": "ingress/istio-ingressgateway"}"#,
                nil
            ),
            (#"{"status": 200}"#, "has no url"),
            ("\"ftp://shop\"", "should begin with http:// or https://"),
            ("\"--config=/etc/passwd\"", "should begin with http:// or https://"),
            ("\"https://me:secret@shop\"", "should not carry a name or a password"),
            ("\"https://\"", "is no URL"),
            (#""https://shop\n/""#, "is no URL"),
            ("\"https://${claster}/\"", "there is no placeholder `${claster}`"),
            (#"{"url": "https://shop", "status": 20}"#, "a status from 100 to 599"),
            (#"{"url": "https://shop", "gateway": "ingress"}"#, "a gateway such as"),
            (#"{"url": "https://shop", "method": "POST"}"#, #"has "method""#),
        ] as [(String, String?)])
    func `what a probe may look like`(text: String, complaint: String?) throws {
        let written = try #require(JSON(parsing: text))
        guard let complaint else {
            #expect(TrafficProbe.complaint(about: written) == nil)
            #expect(TrafficProbe(written) != nil)
            return
        }
        let words = try #require(TrafficProbe.complaint(about: written))
        #expect(words.contains(complaint))
        #expect(
            problems(["gateways": "none", "probes": [written]]).contains { $0.contains(complaint) })
    }

    @Test(arguments: ["100%", "5", "-1%", "x%"]) func `what may fail is a part`(share: String) {
        #expect(problems(["gateways": "none", "probeErrors": .string(share)]).count == 1)
    }

    // MARK: - What came of it

    @Test(arguments: [
        ("200\n200\n204\n301\n200\n", 0, ""),
        ("200\n503\n200\n503\n200\n", 2, "HTTP 503"),
        (
            "curl: (7) Failed to connect\n000\n200\n200\n200\n200\n", 1,
            "curl: (7) Failed to connect"
        ),
        ("sh: 4: curl: not found\n", 5, "sh: 4: curl: not found"),
        ("", 5, "no answer"),
    ])
    func `every request counts`(output: String, failures: Int, words: String) throws {
        let probe = try #require(TrafficProbe(.string(Self.url)))
        let answer = ProbeAnswer(output, to: probe)
        #expect(answer.failures == failures && answer.requests == 5)
        #expect(answer.words == words)
    }

    @Test func `a status that is wanted is no failure, and any other is`() throws {
        let probe = try #require(TrafficProbe(["url": .string(Self.url), "status": 401]))
        #expect(ProbeAnswer("401\n401\n200\n401\n401\n", to: probe).words == "HTTP 200")
    }

    @Test func `a fifth may fail where a fifth is allowed`() throws {
        let probe = try #require(TrafficProbe(.string(Self.url)))
        let answer = ProbeAnswer("200\n503\n200\n200\n200\n", to: probe)
        #expect(answer.exceeds(19) && !answer.exceeds(20))
    }

    // MARK: - Who asks

    @Test func `what is not served before we come blocks`() throws {
        var world = try World("00")
        world.probed[Self.url] = "503\n503\n503\n503\n503\n"
        let preflight = try GlooRunbook.step(
            "preflight", of: "prepare", in: situation([.string(Self.url)]))
        guard case .failed(let failure) = world.observe(preflight) else {
            Issue.record("nobody minds")
            return
        }
        #expect(failure.kind == .blocked)
        #expect(failure.reason == "P20 \(Self.url) fails, 5 of 5: HTTP 503")
        world.probed = [:]
        #expect(world.observe(preflight).word == "done")
    }

    @Test func `I9 what was served before a step, and is not after it`() throws {
        let before = try World("40")
        var after = before
        after.probed[Self.url] = "503\n200\n200\n200\n200\n"
        let strict = situation([.string(Self.url)])
        #expect(
            try after.violations(of: .requests, since: before, in: strict)
                == ["I9: requests to \(Self.url) fail: fails, 1 of 5: HTTP 503"])
        #expect(try after.violations(of: .requests, since: after, in: strict).isEmpty)
        #expect(try after.violations(of: .requests, since: nil, in: strict).count == 1)
        let generous = situation([.string(Self.url)], budget: "20%")
        #expect(try after.violations(of: .requests, since: before, in: generous).isEmpty)
    }

    @Test func `a new gateway has to serve at its own address before DNS leads there`() throws {
        let gateway = "gloo-mesh-gateways/istio-eastwestgateway"
        let asked = situation([["url": .string(Self.url), "gateway": .string(gateway)]])
        let step = try GlooRunbook.step("add-eastwest-gateway", of: "prepare", in: asked)
        var world = try World("30")
        #expect(world.observe(step).word == "done")
        world.probed[Self.url] = "404\n404\n404\n404\n404\n"
        #expect(
            world.observe(step)
                == .partial(
                    "Gloo says HEALTHY, but \(Self.url) through Service \(gateway) fails, 5 of 5: "
                        + "HTTP 404"))
        let service = try #require(
            world.object("Service", "istio-eastwestgateway", in: "gloo-mesh-gateways"))
        let address = try #require(service.loadBalancerAddress)
        let reads = TrafficProbes(GlooSituation(asked).move).previewed
        guard case .output(let command) = reads.first else {
            Issue.record("\(reads)")
            return
        }
        #expect(
            command.argv.suffix(4) == [
                "--connect-to", "::<address of \(gateway)>:", "--", Self.url,
            ])
        #expect(!address.isEmpty)
    }
}

import FleetModel
import Testing

@testable import Takeovers

/// What the new istiods have to say before the move of the workloads is done.
@Suite struct MovedConnectionsTests {
    private let confirmed = "5 workloads are on 1-15 1.15.3-solo (its istiods say so, too)"

    private func step(_ parameters: [String: JSON] = [:]) throws -> Step {
        let all = parameters.merging(["gateways": "none"]) { first, _ in first }
        return try GlooRunbook.step(
            "restart-workloads", of: "takeover", in: .gloo(.gloo(parameters: all)))
    }

    /// A cluster whose workloads have all moved.
    private func moved() throws -> World { try World("60") }

    /// One look of an attempt, which goes on with what earlier ones have noted.
    private func look(_ world: inout World, _ parameters: [String: JSON] = [:]) throws
        -> Observation
    {
        let (observation, context) = world.look(try step(parameters))
        world.settled = context.settled
        world.now = world.now + .seconds(3)
        return observation
    }

    private func sidecars(_ world: World) -> [String] {
        world.cluster.filter { $0["kind"] == "Pod" && Proxy.isInjected(into: $0) }
            .map { "\($0.name).\($0.namespace)" }
    }

    private func list(_ proxies: [String], of cluster: String = "cluster-1") -> String {
        JSON.array(proxies.map { ["proxy": .string($0), "cluster_id": .string(cluster)] })
            .description
    }

    private func istiod(_ world: World) throws -> JSON {
        try #require(
            world.cluster.first {
                $0["kind"] == "Pod" && $0.labels["app"] == "istiod"
                    && $0.labels["istio.io/rev"] == "1-15"
            })
    }

    @Test func `the move is done when the new istiods list all that was moved`() throws {
        var world = try moved()
        world.connected = list(sidecars(world))
        let end = try look(&world)
        #expect(end == .done(confirmed), "\(end)")
    }

    @Test func `who is moved and at no new istiod is waited for, and named`() throws {
        var world = try moved()
        let names = sidecars(world)
        let lost = try #require(names.first { $0.hasPrefix("details") })
        world.connected = list(names.filter { $0 != lost })
        let words =
            "the workloads are on 1-15 1.15.3-solo, but none of its istiods says that it serves "
            + "bookinfo/\(lost.dropLast(".bookinfo".count))"
        #expect(try look(&world) == .partial(words))
        #expect(try look(&world) == .partial(words))
        world.connected = list(names)
        #expect(try look(&world) == .done(confirmed))
    }

    @Test func `who was missing but once was connecting anew`() throws {
        var world = try moved()
        let names = sidecars(world)
        world.connected = list(Array(names.dropFirst()))
        #expect(try look(&world).word == "partial")
        world.connected = list(Array(names.dropLast()))
        #expect(try look(&world) == .done(confirmed))
    }

    @Test func `a pod that has gone meanwhile is missed by nobody`() throws {
        var world = try moved()
        let names = sidecars(world)
        let lost = try #require(names.first { $0.hasPrefix("details") })
        world.connected = list(names.filter { $0 != lost })
        #expect(try look(&world).word == "partial")
        world.edit("Pod", String(lost.dropLast(".bookinfo".count)), in: "bookinfo") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(try look(&world).word == "done")
    }

    @Test func `what several istiods list counts together`() throws {
        var world = try moved()
        var other = try istiod(world)
        let first = other.name
        other[path: ["metadata", "name"]] = "istiod-2"
        world.cluster.append(other)
        let names = sidecars(world)
        world.answers[first] = list(Array(names.prefix(2)))
        world.answers["istiod-2"] = list(Array(names.dropFirst(2)))
        #expect(try look(&world) == .done(confirmed))
        let again = world.look(try step()).context.readings.keys.contains(where: isQuestion)
        #expect(!again, "it is asked but once")
    }

    private func isQuestion(_ reading: Reading) -> Bool {
        guard case .trial(let command) = reading else { return false }
        return command.argv.contains("/debug/syncz")
    }

    @Test func `a pod of the same name in another cluster is another pod`() throws {
        var world = try moved()
        let names = sidecars(world)
        for index in world.cluster.indices where Proxy.isInjected(into: world.cluster[index]) {
            world.cluster[index][path: ["spec", "containers"]] = [
                [
                    "name": "istio-proxy", "image": "proxyv2:1.15.3-solo",
                    "env": [["name": "ISTIO_META_CLUSTER_ID", "value": "cluster-1"]],
                ]
            ]
        }
        let here = JSON(parsing: list(Array(names.dropFirst())))?.array ?? []
        let there = JSON(parsing: list([names[0]], of: "cluster-2"))?.array ?? []
        world.connected = JSON.array(here + there).description
        #expect(try look(&world).word == "partial")
        // Where istiod calls the cluster something else, names are all there is.
        world.settled = []
        world.connected = list(names, of: "alias")
        #expect(try look(&world).word == "done")
    }

    // MARK: - Nobody tells

    @Test func `where nobody may ask, the move is done by the API server's word`() throws {
        var world = try moved()
        let words = try look(&world).saying
        #expect(
            words.hasPrefix(
                "5 workloads are on 1-15 1.15.3-solo (by the API server alone: Error from server "
                    + "(Forbidden)"), "\(words)")
    }

    @Test(arguments: [
        "Error from server: error dialing backend: EOF", "command terminated with exit code 1",
        "Unable to connect to the server: net/http: TLS handshake timeout",
    ])
    func `an istiod that does not answer keeps nobody`(words: String) throws {
        var world = try moved()
        world.connected = list([])
        world.entryFailures[try istiod(world).name] = words
        let end = try look(&world)
        #expect(end.word == "done" && end.saying.contains(words), "\(end)")
    }

    @Test(arguments: ["{}", "no JSON", #"[{"cluster_id": "x"}]"#])
    func `nor does an answer that nobody understands`(answer: String) throws {
        var world = try moved()
        world.connected = answer
        let end = try look(&world)
        #expect(end.word == "done" && end.saying.contains("by the API server alone"), "\(end)")
    }

    @Test func `what one of several does not tell keeps nobody either`() throws {
        var world = try moved()
        let names = sidecars(world)
        var other = try istiod(world)
        other[path: ["metadata", "name"]] = "istiod-2"
        world.cluster.append(other)
        world.connected = list(Array(names.dropFirst()))
        world.entryFailures["istiod-2"] = "command terminated with exit code 1"
        #expect(try look(&world).word == "done")
        // Nobody misses what it might have told.
        world.settled = []
        world.connected = list(names)
        #expect(try look(&world) == .done(confirmed))
        world.settled = []
        world.connected = list(Array(names.dropFirst()))
        world.edit("Pod", "istiod-2", in: "istio-system") {
            $0[path: ["status", "conditions"]] = []
        }
        #expect(try look(&world).saying.contains("istiod-2 is not ready"))
    }

    @Test func `a question that was never answered is not asked again`() throws {
        var world = try moved()
        world.connected = "[]"
        world.settled = ["asked istiod at 2025-05-20T09:41:07Z"]
        let end = try look(&world)
        #expect(end.word == "done" && end.saying.contains("have not answered"), "\(end)")
    }

    @Test func `where no istiod runs, and where nobody wants it asked, that is said`() throws {
        var world = try moved()
        world.connected = "[]"
        #expect(try look(&world, ["askIstiod": false]).saying.contains("askIstiod is off"))
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.labels["app"] == "istiod" }
        #expect(try look(&world).saying.contains("no istiod of 1-15 runs here"))
    }

    @Test func `on the way back nobody is asked`() throws {
        var world = try World("40")
        world.connected = "[]"
        let end = world.turn(
            try GlooRunbook.step(Returning.workloads.name, of: RunbookOutline.rollbackPhase)
        ).observation
        #expect(end.word == "done" && !end.saying.contains("istiod"), "\(end)")
    }

    @Test func `a plan shows the question, which is no right that a takeover needs`() throws {
        let questions = try step().preview.reads.filter(isQuestion)
        #expect(questions.count == 1)
        var world = try World("40")
        world.forbidden = ["create pods/exec"]
        let seen = world.observe(try GlooRunbook.step("preflight", of: "prepare")).saying
        #expect(!seen.contains("pods/exec"), "\(seen)")
    }
}

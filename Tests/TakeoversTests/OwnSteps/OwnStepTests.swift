import FleetModel
import Testing

@testable import Takeovers

/// One step that a takeover adds, on one cluster.
struct OwnStepTests {
    private static let path = "/api/v1/namespaces/${cluster}"

    private func recipe(
        _ expect: String? = #".metadata.labels.team == $cluster"#, act: OwnStep.Action? = nil,
        place: OwnStep.Place = .cluster, cluster: Cluster = Cluster("cluster-1")
    ) -> OwnStepRecipe {
        let own = OwnStep(
            name: "own", position: .init(.after, phase: "prepare"), place: place,
            observe: .init(.path(Self.path), expect: expect), act: act)
        return OwnStepRecipe(
            own, outline: StepOutline("own"), in: .gloo(cluster: cluster))
    }

    private func observation(
        _ recipe: OwnStepRecipe, _ result: ReadResult, hasActed: Bool = false,
        on target: Target = .cluster
    ) -> Observation {
        var context = StepContext(hasActed: hasActed, now: Timestamp(milliseconds: 0))
        context.readings[.path("/api/v1/namespaces/cluster-1", on: target)] = result
        if let lock = recipe.lock { context.readings[lock.reading] = .absent }
        return recipe.step().observe(context)
    }

    private func namespace(_ team: String) -> ReadResult {
        .found(["metadata": ["labels": ["team": .string(team)]]])
    }

    private let label = OwnStep.Action(
        ["kubectl", "label", "ns", "${cluster}", "team=${label.team}"], stdin: "${revision} $${x}")

    @Test func `is done when what it expects holds, whatever it would do`() {
        let expect = #".metadata.labels.team == "gold""#
        #expect(observation(recipe(expect), namespace("gold")).word == "done")
        let cluster = Cluster("cluster-1", labels: ["team": "gold"])
        let acting = recipe(expect, act: label, cluster: cluster)
        #expect(observation(acting, namespace("gold")).word == "done")
        #expect(observation(acting, namespace("tin")).word == "notDone")
        #expect(observation(acting, .absent).word == "notDone")
        #expect(observation(acting, namespace("tin"), hasActed: true).word == "partial")
    }

    @Test func `waits when it has nothing to do`() {
        #expect(observation(recipe(".a"), .found(["a": 0])).word == "done")
        #expect(observation(recipe(".a"), .found([:])).word == "partial")
        #expect(observation(recipe(nil), .found([:])).word == "done")
        #expect(observation(recipe(nil), .absent).word == "partial")
        #expect(observation(recipe(nil), .refused("not today")).word == "partial")
    }

    @Test func `says what it expects with everything filled in, on one line`() throws {
        let filled = recipe(".a").step().preview.proof
        #expect(filled == "`.a` of `/api/v1/namespaces/cluster-1`")
        let script = OwnStep(
            name: "own", position: .init(.after, phase: "prepare"),
            observe: .init(
                .command(
                    ["sh", "-c", "set -e\n  true", "${label.team}", "${cluster}"], stdin: nil),
                expect: ".a\n| .b\n"))
        let cluster = Cluster("cluster-1", labels: ["team": "gold"])
        let recipe = OwnStepRecipe(
            script, outline: StepOutline("own"), in: .gloo(cluster: cluster))
        #expect(recipe.step().preview.proof == "`.a | .b` of `sh -c set -e true gold …`")
    }

    @Test func `looks again when there is no telling`() {
        #expect(observation(recipe(".a"), .refused("not today")) == .unknown("not today"))
        let odd = observation(recipe(".a.b.c"), .found(["a": "text"]))
        #expect(odd.word == "unknown")
    }

    @Test func `acts on its own cluster, with everything filled in`() throws {
        let cluster = Cluster(
            "cluster-1", context: "ctx-1", kubeconfig: "/k", bastion: "ams",
            labels: ["team": "it's gold"])
        let recipe = recipe(".a", act: label, cluster: cluster)
        var context = StepContext(now: Timestamp(milliseconds: 0))
        context.readings[recipe.lock!.reading] = .absent
        let command = try #require(recipe.step().act(context).last)
        #expect(
            command.argv == [
                "kubectl", "--kubeconfig", "/k", "--context", "ctx-1", "label", "ns", "cluster-1",
                "team=it's gold",
            ])
        #expect(command.stdin == "1-15 ${x}")
        #expect(command.place == .bastion("ams"))
        #expect(command.isMutating)
        #expect(recipe.step().act(context).count == 2, "the lock is taken first")
    }

    @Test func `fails before it acts on a cluster that lacks what it needs`() {
        let observation = observation(recipe(".a", act: label), .found([:]))
        guard case .failed(let failure) = observation else {
            Issue.record("\(observation)")
            return
        }
        #expect(failure.kind == .terminal)
        #expect(failure.reason == "cluster cluster-1 has no label.team")
    }

    @Test func `is the management cluster's when it says so, and edits that one at a time`() {
        let recipe = recipe(".a", place: .management)
        #expect(recipe.step().edits == .management)
        #expect(observation(recipe, .found(["a": 1]), on: .management).word == "done")
        #expect(observation(recipe, .found(["a": 1])).word == "needs")
    }

    @Test func `takes the time that its author gave it, and its command that of the command`()
        throws
    {
        let own = OwnStep(
            name: "own", position: .init(.after, phase: "prepare"), place: .cluster,
            observe: .init(.path("/a"), expect: ".a"),
            act: .init(["true"], deadline: .minutes(40)), timeout: .minutes(90), poll: .seconds(7))
        let step = OwnStepRecipe(own, outline: StepOutline("own"), in: .gloo()).step()
        #expect(step.timeout == .minutes(90) && step.poll == .seconds(7))
        #expect(step.preview.acts.map(\.deadline) == [.minutes(40)])
    }

    @Test func `every placeholder stands for what it is called after`() throws {
        var takeover = Takeover.gloo()
        takeover.oldRevision = "1-14"
        let situation = Situation(
            takeover: takeover,
            cluster: Cluster(
                "c", context: "ctx-c", region: "eu", labels: ["team": "gold"]),
            management: Cluster("m", context: "ctx-m"), run: "7F3K", epoch: 1)
        let words = [
            "cluster": "c", "context": "ctx-c", "management": "m", "managementContext": "ctx-m",
            "region": "eu", "revision": "1-15", "oldRevision": "1-14",
            "version": "1.15.3-solo", "takeover": "istio-1-15", "run": "7F3K",
        ]
        #expect(words.keys.sorted() == Placeholders.names.filter { $0 != "label.NAME" }.sorted())
        for (name, value) in words {
            #expect(try Placeholders.fill("${\(name)}", for: situation) == value)
        }
        #expect(try Placeholders.fill("${label.team}", for: situation) == "gold")
    }

    @Test func `runs other programs where the cluster is reached, or here`() throws {
        for (place, expected) in [
            (OwnStep.Place.cluster, Command.Place.bastion("ams")), (.local, .local),
        ] {
            let cluster = Cluster("cluster-1", bastion: "ams")
            let page = OwnStep.Action(["page", "--quiet", "${takeover}"])
            let recipe = recipe(".a", act: page, place: place, cluster: cluster)
            let command = try #require(recipe.preview.acts.first)
            #expect(command.place == expected)
            #expect(command.argv == ["page", "--quiet", "istio-1-15"])
        }
    }
}

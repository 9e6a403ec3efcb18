import FleetModel
import Testing

@testable import Takeovers

@Suite struct SailTests {
    private func takeover(
        _ parameters: [String: JSON] = [:], revision: Revision = "default-v1-26-0",
        old: Revision = "default-v1-25-2", version: String = "1.26.0"
    ) -> Takeover {
        Takeover(
            name: "sail", runbook: "sail", revision: revision, version: version, oldRevision: old,
            parameters: parameters)
    }

    private func step(_ name: String, _ takeover: Takeover) throws -> Step {
        let situation = Situation(
            takeover: takeover, cluster: Cluster("cluster-1"), management: nil, run: "7F3K",
            epoch: 1)
        let steps = SailPhase.allCases.flatMap {
            SailRunbook.steps(of: $0.rawValue, in: situation)
        }
        return try #require(steps.first { $0.outline.name == name })
    }

    /// A cluster with some of the samples, and nothing else.
    private func world(_ samples: String...) throws -> World {
        var world = try World(stage: "revision-canary/00-before")
        world.cluster = try samples.map { try Fixture.sample($0, in: "sail") }
        return world
    }

    // MARK: - The Istio resource

    @Test func `the version is changed by a patch that nobody else's change survives`() throws {
        let (world, step) = (try world("istio-healthy"), try step("update-istio", takeover()))
        #expect(world.observe(step) == .notDone("Istio default is at v1.25.2"))
        let command = try #require(world.commands(step).last)
        #expect(
            command.argv.suffix(6) == [
                "patch", "istios.sailoperator.io", "default", "--type=merge", "--patch-file",
                "/dev/stdin",
            ])
        let patch =
            #"{"metadata":{"resourceVersion":"2036"},"spec":{"version":"v1.26.0"}}"#
        #expect(command.stdin == patch)
    }

    @Test func `an operator that is at work is waited for, with its words`() throws {
        let step = try step("update-istio", takeover())
        let words = "Istio default: IstiodNotReady: not all istiod pods are ready"
        #expect(try world("istio-upgrading").observe(step) == .partial(words))
    }

    @Test func `a status that is older than the change is not believed`() throws {
        var world = try world("istio-two-revisions-inuse")
        world.edit("Istio", "default") { $0[path: ["metadata", "generation"]] = 3 }
        let words = "Istio default: its operator has not seen the change yet"
        #expect(world.observe(try step("update-istio", takeover())) == .partial(words))
    }

    @Test func `a healthy status without its istiod is not believed either`() throws {
        let world = try world("istio-two-revisions-inuse")
        let words = "Deployment istiod-default-v1-26-0 is not there yet"
        #expect(world.observe(try step("update-istio", takeover())) == .partial(words))
    }

    @Test(arguments: [(nil, "failed terminal"), ("REGISTRY_ONLY", "done")])
    func `a mode that the operator brings of its own stops before anything moves`(
        asked: String?, word: String
    ) throws {
        var world = try world("istio-two-revisions-inuse")
        let name = "istiod-default-v1-26-0"
        var istiod = try Fixture.sample("deployment-ready", in: "workloads")
        istiod[path: ["metadata", "name"]] = .string(name)
        istiod[path: ["metadata", "namespace"]] = "istio-system"
        istiod[path: ["metadata", "labels"]] = ["app": "istiod"]
        istiod[path: ["spec", "template", "spec", "containers"]] = [
            ["name": "discovery", "image": "istio/pilot:1.26.0"]
        ]
        let maps = [("25-2", "a: b\n"), ("26-0", "outboundTrafficPolicy: {mode: REGISTRY_ONLY}\n")]
        world.cluster +=
            [istiod]
            + maps.map { number, mesh in
                [
                    "kind": "ConfigMap",
                    "metadata": [
                        "name": .string("istio-default-v1-\(number)"), "namespace": "istio-system",
                    ],
                    "data": ["mesh": .string(mesh)],
                ]
            }
        if let asked {
            world.edit("Istio", "default") {
                let mode = ["spec", "values", "meshConfig", "outboundTrafficPolicy", "mode"]
                $0[path: mode] = .string(asked)
            }
        }
        #expect(world.observe(try step("update-istio", takeover())).word == word)
    }

    @Test func `a resource that is led another way than the takeover means is left alone`() throws {
        let inPlace = takeover(revision: "default", old: "default")
        let other = takeover(old: "default-v1-24-0")
        let cases = [
            (inPlace, "Istio default is updated by revisions, not in place"),
            (
                other,
                "the active revision of Istio default is default-v1-25-2, not default-v1-24-0"
            ),
        ]
        for (takeover, words) in cases {
            let observation = try world("istio-healthy").observe(step("update-istio", takeover))
            #expect(observation == .failed(Failure(.terminal, words)))
        }
    }

    @Test func `traffic is tested where two revisions live side by side`() throws {
        let prepare = try #require(SailRunbook.outline(for: takeover()).phases.first)
        #expect(prepare.steps.map(\.name).suffix(3) == ["test-workload", "test-traffic", "unlock"])
    }

    @Test func `traffic is tested although tags lead to the new revision already`() throws {
        var world = try World("30")
        let beside = takeover(revision: "default-v1-26-0", old: "default")
        world.edit("MutatingWebhookConfiguration", "istio-sidecar-injector") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "default-v1-26-0"
        }
        world.edit("Namespace", "petstore") {
            $0[path: ["metadata", "labels", "istio.io/rev"]] = "default-v1-26-0"
        }
        let step = try step("test-traffic", beside)
        #expect(world.observe(step) == .notDone("there is no server of the old revision yet"))
        world.remove("Deployment", "istiod", in: "istio-system")
        #expect(world.observe(step) == .done("istiod is gone: too late to try it"))
        world.remove("Namespace", "petstore")
        #expect(world.observe(step) == .done("istiod is gone: too late to try it"))
    }

    @Test func `an update in place has no old revision to leave`() throws {
        let outline = SailRunbook.outline(for: takeover(revision: "default", old: "default"))
        #expect(
            outline.phases.map { $0.steps.map(\.name) } == [
                [
                    "preflight", "lock", "update-istio", "check-control-plane", "test-workload",
                    "unlock",
                ],
                ["lock", "restart-workloads", "unlock"],
                ["lock", "remove-test-workload", "final-check", "unlock"],
            ])
    }

    @Test func `an update in place that is over tests nothing more`() throws {
        var world = try World("00")
        let version = try #require(
            world.cluster.lazy.map(Pod.init).compactMap(\.proxy).first?.version)
        let done = try step(
            "test-workload", takeover(revision: "default", old: "default", version: version))
        let words = "every sidecar runs default \(version), so there is nothing left to test for"
        #expect(world.observe(done) == .done(words))
        let next = try step(
            "test-workload", takeover(revision: "default", old: "default", version: "1.26.0"))
        let missing = Observation.notDone("namespace petstore does not exist")
        #expect(world.observe(next) == missing)
        world.cluster.removeAll { $0["kind"] == "Pod" }
        #expect(world.observe(done) == missing)
    }

    // MARK: - The old revision

    @Test func `a revision that nothing uses goes after its grace period`() throws {
        let step = try step("await-old-gone", takeover())
        let waiting = try world("istio-healthy", "istiorevision-not-referenced")
        let words = "IstioRevision default-v1-25-2 is unused and goes after 30s"
        #expect(waiting.observe(step) == .partial(words))
        let gone = try world("istio-two-revisions-inuse")
        #expect(gone.observe(step) == .done("there is no IstioRevision default-v1-25-2"))
    }

    @Test(arguments: [(900, false), (901, true), (86_400, true)])
    func `nobody waits for a grace period that is there for the way back`(
        seconds: Int64, isDone: Bool
    ) throws {
        var world = try world("istio-healthy", "istiorevision-not-referenced")
        world.edit("Istio", "default") {
            let strategy = "inactiveRevisionDeletionGracePeriodSeconds"
            $0[path: ["spec", "updateStrategy", strategy]] = .int(seconds)
        }
        let step = try step("await-old-gone", takeover())
        #expect(step.timeout >= .minutes(30))
        #expect(world.observe(step).word == (isDone ? "done" : "partial"))
    }

    @Test func `who keeps a revision is named, by the operator's rules`() throws {
        var world = try world("istio-healthy", "istiorevision-inuse", "istiorevisiontag-default")
        world.cluster += [
            ["kind": "Namespace", "metadata": ["name": "open"]],
            [
                "kind": "Namespace",
                "metadata": ["name": "shop", "labels": ["istio.io/rev": "default-v1-25-2"]],
            ],
            pod("open", "asks", labels: ["istio.io/rev": "default-v1-25-2"]),
            pod("shop", "is-not-asked", labels: ["istio.io/rev": "default-v1-25-2"]),
            pod("shop", "runs", annotations: ["istio.io/rev": "default-v1-25-2"]),
        ]
        let words =
            "IstioRevision default-v1-25-2 is in use by tag default, namespace shop, "
            + "pod open/asks, pod shop/runs"
        #expect(world.observe(try step("await-old-gone", takeover())) == .partial(words))
    }

    @Test func `a revision that only waived pods keep may stay`() throws {
        var world = try world("istio-healthy", "istiorevision-inuse")
        world.cluster.append(pod("shop", "runs", annotations: ["istio.io/rev": "default-v1-25-2"]))
        let waiving = takeover(["waived": ["shop/runs"]])
        let words = "IstioRevision default-v1-25-2 stays for shop/runs (waived)"
        #expect(world.observe(try step("await-old-gone", waiving)) == .done(words))
    }

    private func pod(
        _ space: String, _ name: String, labels: [String: String] = [:],
        annotations: [String: String] = [:]
    ) -> JSON {
        [
            "kind": "Pod",
            "metadata": [
                "namespace": .string(space), "name": .string(name), "labels": JSON(labels),
                "annotations": JSON(annotations),
            ],
            "status": ["phase": "Running"],
        ]
    }

    // MARK: - Mistakes

    @Test func `a good takeover has no problem`() {
        #expect(SailRunbook.problems(in: takeover()).isEmpty)
        let other = takeover(
            ["istio": "prod", "namespaces": "relabel"], revision: "prod-v1-26-0")
        #expect(SailRunbook.problems(in: other).isEmpty)
        let inPlace = takeover(revision: "default", old: "default")
        #expect(SailRunbook.problems(in: inPlace).isEmpty)
    }

    @Test func `what the operator would name otherwise is refused where it stands`() {
        let problems = SailRunbook.problems(in: takeover(revision: "1-26"))
        #expect(problems.map(\.subject) == [.revision])
        #expect(
            problems.map(\.problem) == [
                #"the operator will call the revision "default-v1-26-0", not "1-26""#
            ])
        let version = SailRunbook.problems(
            in: takeover(revision: "default-vv1-26-0", version: "v1.26.0"))
        #expect(version.map(\.subject) == [.version])
        let names = SailRunbook.problems(in: takeover(["istio": "A/B", "namespace": "x"]))
        #expect(
            Set(names.map(\.subject)) == [
                .revision, .parameter("istio"), .parameter("namespace"),
            ])
    }
}

import FleetModel
import Testing

@testable import Takeovers

/// A step with the invariants around it, turned as a runner would.
@Suite struct GuardedStepTests {
    /// What one attempt remembers between its looks.
    private struct Attempt {
        var settled: Set<String> = []
        var hasActed = false
        var baseline: (any StepBaseline)?

        func look(at world: World, _ step: Step) -> (observation: Observation, StepContext) {
            var context = StepContext(
                settled: settled, hasActed: hasActed, baseline: baseline, now: world.now)
            for _ in 0..<12 {
                let observation = step.observe(context)
                guard case .needs(let readings) = observation else {
                    return (observation, context)
                }
                for reading in readings { context.readings[reading] = world.answer(reading) }
            }
            return (.unknown("the step never stops asking"), context)
        }

        mutating func act(on world: World, _ step: Step) {
            baseline = baseline ?? step.baseline(look(at: world, step).1)
            hasActed = true
        }

        /// The attempt of the next coordinator, which has what this one wrote down.
        func takenUp(by step: Step) throws -> Attempt {
            Attempt(baseline: try step.recall(try #require(baseline).text))
        }
    }

    /// A step that is done once the world has a ConfigMap called `mark`.
    private func step(
        _ interrupt: Interrupt = .safe, place: Place = .anywhere, acts: Bool = true
    ) -> Step {
        let mark = Reading.path("/api/v1/namespaces/default/configmaps/mark", on: .cluster)
        let command = Command(["kubectl", "create"], isMutating: true, purpose: "make a mark")
        let inner = Step(
            StepOutline("mark", interrupt: interrupt), timeout: .seconds(60),
            preview: StepPreview(acts: acts ? [command] : [], proof: "there is a mark"),
            observe: { context in
                switch context[mark] {
                case nil: .needs([mark])
                case .found: .done("there is a mark")
                default: .notDone("there is no mark")
                }
            }, act: { _ in [command] })
        return GuardedStep(inner, StepWatch(GlooSituation(.gloo()).move, at: place)).step
    }

    private let mark: JSON = [
        "kind": "ConfigMap", "metadata": ["name": "mark", "namespace": "default"],
    ]

    @Test func `what a step broke ends it at once, with everything that it broke`() throws {
        var (world, attempt) = (try World("30"), Attempt())
        world.cluster.append(.definition("gateways.networking.istio.io"))
        #expect(attempt.look(at: world, step()).observation.word == "notDone")
        attempt.act(on: world, step())
        world.cluster.append(mark)
        #expect(attempt.look(at: world, step()).observation.word == "done")
        world.remove("Namespace", "gloo-mesh")
        world.remove("CustomResourceDefinition", "gateways.networking.istio.io")
        #expect(
            attempt.look(at: world, step()).observation
                == .failed(
                    Failure(
                        .terminal,
                        "I7: namespace gloo-mesh is gone; I8: definitions of Istio's resources "
                            + "are gone: gateways.networking.istio.io, and every object of theirs"
                    )))
    }

    @Test func `what may pass is watched, passes, or counts in the end`() throws {
        var (world, attempt) = (try World("30"), Attempt())
        attempt.act(on: world, step())
        world.cluster.append(mark)
        let well = world
        world.unready("reviews-v1")
        let item = "I4: Deployment bookinfo/reviews-v1 has fewer ready pods than before"
        #expect(
            attempt.look(at: world, step()).observation
                == .settling(item: item, for: .minutes(3), fingerprint: ""))
        #expect(attempt.look(at: well, step()).observation.word == "done")
        attempt.settled = [item]
        #expect(
            attempt.look(at: world, step()).observation
                == .failed(Failure(.terminal, "\(item): 0 instead of 1")))
    }

    @Test func `between items it is looked at, too, and nothing more is touched`() throws {
        var (world, attempt) = (try World("30"), Attempt())
        attempt.act(on: world, step(.betweenItems))
        #expect(attempt.look(at: world, step(.betweenItems)).observation.word == "notDone")
        world.remove("Namespace", "gloo-mesh")
        let found = attempt.look(at: world, step(.betweenItems)).observation
        #expect(found == .failed(Failure(.terminal, "I7: namespace gloo-mesh is gone")))
        // Elsewhere the act is finished first.
        #expect(attempt.look(at: world, step()).observation.word == "notDone")
    }

    @Test func `an attempt that found all done still looks at what must be so in any case`()
        throws
    {
        var (world, attempt) = (try World("30"), Attempt())
        world.cluster.append(mark)
        world.unready("reviews-v1")
        #expect(attempt.look(at: world, step()).observation.word == "done")
        world.edit("Namespace", "istio-system") {
            $0[path: ["metadata", "deletionTimestamp"]] = "2025-05-20T09:41:07Z"
        }
        #expect(
            attempt.look(at: world, step()).observation
                == .failed(Failure(.terminal, "I7: namespace istio-system is being deleted")))
        // The same once an attempt has acted that could remember nothing.
        attempt.hasActed = true
        #expect(attempt.look(at: world, step()).observation.word == "failed terminal")
    }

    // MARK: - After a crash

    @Test func `what a dead coordinator's act broke is found by the next one, in the same words`()
        throws
    {
        var (world, attempt) = (try World("30"), Attempt())
        attempt.act(on: world, step())
        world.cluster.append(mark)
        world.stripSidecar(of: "reviews-v1")
        var next = try attempt.takenUp(by: step())
        let item = "I3: Deployment bookinfo/reviews-v1 lost its sidecars"
        // It has its time to pass once more.
        #expect(
            next.look(at: world, step()).observation
                == .settling(item: item, for: .seconds(30), fingerprint: ""))
        (attempt.settled, next.settled) = ([item], [item])
        let undisturbed = attempt.look(at: world, step()).observation
        #expect(next.look(at: world, step()).observation == undisturbed)
        #expect(
            undisturbed
                == .failed(Failure(.terminal, "\(item): 1 of 1 pods have none")))
        // Without what was written down it would be taken for how things were.
        #expect(Attempt().look(at: world, step()).observation.word == "done")
    }

    @Test func `an owner that its team removed meanwhile is not held against the next one`() throws
    {
        var (world, attempt) = (try World("30"), Attempt())
        attempt.act(on: world, step())
        world.cluster.append(mark)
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.name.hasPrefix("reviews-v1") }
        world.remove("Deployment", "reviews-v1", in: "bookinfo")
        world.edit("Deployment", "reviews-v2", in: "bookinfo") {
            $0[path: ["spec", "replicas"]] = 0
        }
        world.cluster.removeAll { $0["kind"] == "Pod" && $0.name.hasPrefix("reviews-v2") }
        let next = try attempt.takenUp(by: step())
        #expect(next.look(at: world, step()).observation.word == "done")
    }

    @Test func `what was taken up is not looked for anew, and between items it is compared first`()
        throws
    {
        var (world, attempt) = (try World("30"), Attempt())
        attempt.act(on: world, step())
        let next = try attempt.takenUp(by: step())
        world.remove("Namespace", "gloo-mesh")
        let (observation, context) = next.look(at: world, step())
        #expect(observation.word == "notDone" && context.readings.count == 1)
        #expect(
            next.look(at: world, step(.betweenItems)).observation
                == .failed(Failure(.terminal, "I7: namespace gloo-mesh is gone")))
    }

    @Test func `nothing is read twice in one look, and little when nothing is to do`() throws {
        var world = try World("30")
        let first = Attempt().look(at: world, step()).1.readings.keys
        #expect(first.count == 14, "\(first)")
        world.cluster.append(mark)
        let done = Attempt().look(at: world, step()).1.readings.keys
        #expect(!done.contains(.path(APIPath.replicaSets, on: .cluster)))
        #expect(!done.contains(.path(APIPath.definitions, on: .cluster)))
    }

    @Test func `an exemption leaves the invariant out, and its readings`() throws {
        let place = Place.excusing(.from(.sidecars), .from(.readiness), .from(.roots))
        #expect(
            step(place: place).preview.keeps
                == [
                    "I1 webhooks", "I2 injection", "I6 gateways", "I7 namespaces", "I8 definitions",
                ])
        let world = try World("30")
        let read = Attempt().look(at: world, step(place: place)).1.readings.keys
        #expect(!read.contains(.path(APIPath.replicaSets, on: .cluster)))
        #expect(!read.contains(.path(APIPath.rootCertificates, on: .cluster)))
    }

    @Test func `every step that changes something is guarded, but for the lock`() {
        let own = OwnStep(
            name: "note", position: OwnStep.Position(.after, phase: "takeover", step: "activate"),
            observe: OwnStep.Question(.path("/version")), act: OwnStep.Action(["true"]))
        var takeover = Takeover.gloo()
        takeover.ownSteps = [own]
        for phase in RunbookOutline.phaseNames {
            for step in GlooRunbook.allSteps(of: phase, in: .gloo(takeover)) {
                let name = step.outline.name
                let isGuarded = !step.preview.acts.isEmpty && !["lock", "unlock"].contains(name)
                #expect(step.preview.keeps.isEmpty != isGuarded, "\(name)")
            }
        }
    }

    @Test func `each place knows which revision is to answer`() {
        func injectors(
            _ runbook: any Runbook.Type, _ phase: String, _ takeover: Takeover,
            own: Set<String> = []
        ) -> [String: Place.ExpectedInjector] {
            let outline = runbook.outline(for: takeover)
            let names = outline.phases.first { $0.name == phase }?.steps.map(\.name) ?? []
            let places = Place.all(of: names, own: own, phase: phase, in: outline)
            return Dictionary(zip(names, places.map(\.injector))) { first, _ in first }
        }
        let gloo = injectors(GlooRunbook.self, "takeover", .gloo())
        #expect(gloo["lock"] == .old && gloo["activate"] == .changing)
        #expect(gloo["deactivate-old-injector"] == .new && gloo["switch-gateways"] == .new)
        #expect(
            Set(injectors(GlooRunbook.self, "prepare", .gloo()).values) == [.old])
        #expect(Set(injectors(GlooRunbook.self, "retire", .gloo()).values) == [.new])
        let bigBang = Takeover(name: "b", runbook: "bigbang", revision: "default", version: "1.25")
        let segment = injectors(BigBangRunbook.self, "takeover", bigBang)
        #expect(segment["save-baseline"] == .old && segment["step-1-values"] == .changing)
        #expect(segment["old-gone"] == .changing && segment["new-control-plane"] == .new)
        #expect(segment["gateways-up"] == .new)
        var own = Takeover(name: "n", runbook: "own", revision: "", version: "")
        own.ownSteps = [
            OwnStep(
                name: "note", position: OwnStep.Position(.after, phase: "takeover"),
                observe: OwnStep.Question(.path("/version")))
        ]
        #expect(Set(injectors(OwnRunbook.self, "takeover", own).values) == [.same])
    }

    @Test func `on the way back either revision may answer`() throws {
        let outline = GlooRunbook.outline(for: .gloo())
        let places = Place.all(
            of: ["lock", "restart-workloads", "unlock"], own: [], phase: "rollback", in: outline)
        #expect(places.allSatisfy { $0.injector == .returning && !$0.hasGateways })
        let (old, new) = (try World("30"), try World("60"))
        #expect(try old.violations(of: .injection, since: new, at: places[1]).isEmpty)
        #expect(try new.violations(of: .injection, since: old, at: places[1]).isEmpty)
        var broken = new
        broken.remove("Deployment", "istiod-1-15", in: "istio-system")
        #expect(try broken.violations(of: .injection, since: nil, at: places[1]).isEmpty)
        #expect(try broken.violations(of: .injection, since: old, at: places[1]).count == 1)
    }

    @Test func `every runbook that leads to a revision says by which step`() {
        for runbook in Runbooks.all where runbook.form.needsRevision {
            let outline = runbook.outline(for: .gloo())
            let injectors = outline.phases.flatMap { phase in
                Place.all(
                    of: phase.steps.map(\.name), own: [], phase: phase.name, in: outline
                ).map(\.injector)
            }
            #expect(injectors.first == .old && injectors.last == .new, "\(runbook.name)")
        }
    }

    @Test func `a takeover's own step is excused from what the step before it is`() {
        let outline = BigBangRunbook.outline(
            for: Takeover(name: "b", runbook: "bigbang", revision: "default", version: "1.25"))
        let names = ["save-baseline", "mine", "step-1-values", "mine-too", "gateways-up", "last"]
        let places = Place.all(
            of: names, own: ["mine", "mine-too", "last"], phase: "takeover", in: outline)
        #expect(places[1].exemptions.isEmpty && places[5].exemptions.isEmpty)
        #expect(!places[2].exemptions.isEmpty && places[3].exemptions == places[2].exemptions)
    }

    @Test func `every exemption names a step that there is`() {
        let steps = Set(
            GlooStep.allCases.map(\.outline.name) + RevisionStep.allCases.map(\.outline.name)
                + SailStep.allCases.map(\.outline.name)
                + BigBangRunbook.outline(
                    for: Takeover(name: "b", runbook: "bigbang", revision: "d", version: "1.25")
                ).phases.flatMap(\.steps).map(\.name))
        #expect(Set(Exemption.byStep.keys).isSubset(of: steps))
        #expect(steps.isSuperset(of: Exemption.bySpan.flatMap { [$0.first, $0.last] }))
    }
}

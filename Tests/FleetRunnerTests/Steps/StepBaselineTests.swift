import FleetCoordinator
import FleetModel
import FleetRunner
import Synchronization
import Testing

/// What a step remembers of its cluster, within an attempt and from one to the next.
@Suite final class StepBaselineTests: Sendable {
    /// How many times the thing had been changed.
    private struct Count: StepBaseline {
        let text: String
    }

    private let path = Reading.path("/api/v1/thing", on: .cluster)
    /// What the step was given to compare with, look by look.
    private let seen = Mutex<[String]>([])

    /// A step that is done after so many changes, and notes what it is given to compare with.
    private func step(
        _ name: String = "switch", changes: Int = 2, interrupt: Interrupt = .safe,
        length: Int? = nil
    ) -> Step {
        let path = path
        return Step(
            StepOutline(name, interrupt: interrupt), timeout: .seconds(60),
            preview: StepPreview(proof: "enough"),
            observe: { context in
                guard case .found(let thing)? = context[path] else { return .needs([path]) }
                self.seen.withLock { $0.append(context.baseline?.text ?? "nothing") }
                return thing["count"]?.int == changes ? .done("enough") : .notDone("not yet")
            },
            act: { context in
                [Command(["kubectl", "patch", "\(context.now)"], isMutating: true)]
            },
            baseline: { context in
                guard case .found(let thing)? = context[path] else { return nil }
                let text = "it was \(thing["count"]?.int ?? -1)"
                return Count(text: length.map { String(repeating: "x", count: $0) } ?? text)
            },
            recall: { text throws(UnreadableBaseline) in
                guard text.hasPrefix("it was ") else {
                    throw UnreadableBaseline("it is no count")
                }
                return Count(text: text)
            })
    }

    /// A world that counts its changes, and dies with its coordinator after so many.
    private func world(dyingAfter last: Int? = nil, _ signals: AttemptSignals) -> ScriptedWorld {
        ScriptedWorld { command, state in
            if command.isMutating, state.mutations.count == last { signals.stop(.aborted) }
            return command.isMutating
                ? CommandResult(.exited(0)) : .json(#"{"count":\#(state.mutations.count)}"#)
        }
    }

    private func attempt(_ number: Int) -> Attempt {
        Attempt(cluster: "edge-01", phase: 0, step: 0, number: number)
    }

    private func run(
        _ step: Step, in world: ScriptedWorld, attempt number: Int = 1,
        _ signals: AttemptSignals = AttemptSignals()
    ) async -> Outcome {
        let situation = Situation(
            takeover: Takeover(name: "t", runbook: "r", revision: "1-25", version: "1.25"),
            cluster: Cluster("edge-01", management: "mgmt-1"), management: Cluster("mgmt-1"),
            run: "7F3K", epoch: 1)
        return await StepRunner(
            step: step, attempt: attempt(number), situation: situation,
            surroundings: .init(
                executor: world, log: world, clock: world.clock, locks: KeyedLock(),
                testimony: Testimony(pin: { _, uid in .known(uid: uid) })),
            signals: signals
        ).run()
    }

    @Test func `is how it was before the first command, not the last`() async {
        let signals = AttemptSignals()
        let world = world(signals)
        #expect(await run(step(), in: world) == .succeeded(changed: true))
        #expect(seen.withLock { $0 } == ["nothing", "it was 0", "it was 0"])
    }

    @Test func `is written down with the first command, and once`() async throws {
        let world = world(AttemptSignals())
        _ = await run(step(interrupt: .betweenItems), in: world)
        let (begun, keptWith) = world.state.withLock { ($0.begun, $0.keptWith) }
        #expect(begun.count == 2)
        #expect(keptWith == ["7F3K.edge-01.0.0.1.1"])
        let found = world.state.withLock { $0.kept }
        let kept = try #require(found)
        #expect(kept.text == "it was 0" && kept.step == "switch" && kept.identity == "uid-1")
        #expect(kept.attempt == attempt(1) && !kept.outlivesHalt)
    }

    @Test func `is taken up by the attempt after one that was cut off`() async {
        let signals = AttemptSignals()
        let world = world(dyingAfter: 1, signals)
        #expect(await run(step(), in: world, signals) == .lost)
        seen.withLock { $0 = [] }
        #expect(await run(step(), in: world, attempt: 2) == .succeeded(changed: true))
        #expect(seen.withLock { $0 } == ["it was 0", "it was 0"])
        #expect(world.state.withLock(\.keptWith).count == 1, "it is from before both")
    }

    @Test func `is taken up where nothing is left to do, too`() async {
        let signals = AttemptSignals()
        let world = world(dyingAfter: 1, signals)
        #expect(await run(step(changes: 1), in: world, signals) == .lost)
        seen.withLock { $0 = [] }
        #expect(await run(step(changes: 1), in: world, attempt: 2) == .succeeded(changed: false))
        #expect(seen.withLock { $0 } == ["it was 0"])
    }

    @Test(arguments: [
        ("another step", "it belongs to step other"),
        ("another cluster", "it is of another cluster, with kube-system UID uid-0"),
        ("a changed text", "it is damaged"), ("another text", "it is no count"),
    ])
    func `of something else is told and never used`(what: String, reason: String) async {
        let world = world(AttemptSignals())
        let outline = StepOutline(what == "another step" ? "other" : "switch")
        let kept = KeptBaseline(
            what == "another text" ? "moo" : "it was 7", of: outline, by: attempt(1),
            identity: what == "another cluster" ? "uid-0" : "uid-1",
            at: Timestamp(milliseconds: 0))
        let damaged = KeptBaseline(
            "it was 8", digest: kept.digest, of: kept.step, by: kept.attempt,
            identity: kept.identity, at: kept.takenAt, outlivesHalt: true)
        world.state.withLock { $0.kept = what == "a changed text" ? damaged : kept }
        #expect(await run(step(), in: world, attempt: 2) == .succeeded(changed: true))
        #expect(seen.withLock { $0 } == ["nothing", "it was 0", "it was 0"])
        #expect(
            world.state.withLock(\.warnings) == [
                "what step switch remembered of the cluster can't be used: \(reason); "
                    + "it is compared with how things are now"
            ])
        #expect(world.state.withLock(\.kept)?.text == "it was 0", "a new one takes its place")
    }

    @Test func `is asked for by no first attempt`() async {
        let world = world(AttemptSignals())
        world.state.withLock { state in
            state.kept = KeptBaseline(
                "it was 7", of: StepOutline("switch"), by: attempt(1), identity: "uid-1",
                at: Timestamp(milliseconds: 0))
        }
        _ = await run(step(), in: world)
        #expect(seen.withLock { $0.first } == "nothing")
    }

    @Test func `that nobody could ever read is not written, and the step goes on`() async {
        let world = world(AttemptSignals())
        #expect(await run(step(length: 9 << 20), in: world) == .succeeded(changed: true))
        #expect(world.state.withLock(\.kept) == nil)
        #expect(world.state.withLock(\.warnings).count == 1)
    }

    @Test func `outlives a lab's pace`() throws {
        #expect(try step().paced(by: 60).recall("it was 3").text == "it was 3")
    }
}

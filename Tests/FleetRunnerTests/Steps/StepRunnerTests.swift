import FleetCoordinator
import FleetModel
import FleetRunner
import Synchronization
import Testing

struct StepRunnerTests {
    let path = Reading.path("/api/v1/thing", on: .cluster)
    let change = Command(["kubectl", "patch", "thing"], isMutating: true, purpose: "change it")

    /// A step that wants `state` to say done and knows one command that makes it so.
    func step(
        interrupt: Interrupt = .safe, settle: Duration? = nil, timeout: Duration = .seconds(60),
        edits: Target = .cluster, poll: Duration = .seconds(3)
    ) -> Step {
        let (path, change) = (path, change)
        return Step(
            StepOutline("switch", interrupt: interrupt), timeout: timeout, poll: poll, edits: edits,
            preview: StepPreview(proof: "state is done"),
            observe: { context in
                guard let result = context[path] else { return .needs([path]) }
                guard case .found(let thing) = result else { return .notDone("absent") }
                switch thing["state"]?.string {
                case "done" where settle != nil && !context.settled.contains("thing"):
                    return .settling(
                        item: "thing", for: settle ?? .zero, fingerprint: thing.description)
                case "done": return .done("it says so")
                case "moving": return .partial("it moves")
                default: return .notDone("it is old")
                }
            }, act: { _ in [change] })
    }

    func run(
        _ step: Step, in world: ScriptedWorld, signals: AttemptSignals = AttemptSignals(),
        pinned: String? = nil, waive: @escaping @Sendable (WaivedFinding) -> Void = { _ in }
    ) async -> Outcome {
        let attempt = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 1)
        let situation = Situation(
            takeover: Takeover(name: "t", runbook: "r", revision: "1-25", version: "1.25"),
            cluster: Cluster("edge-01", management: "mgmt-1"), management: Cluster("mgmt-1"),
            run: "7F3K", epoch: 1)
        let runner = StepRunner(
            step: step, attempt: attempt, situation: situation,
            surroundings: .init(
                executor: world, log: world, clock: world.clock, locks: KeyedLock(),
                testimony: Testimony(pin: { _, uid in .known(uid: pinned ?? uid) }, waive: waive)),
            signals: signals)
        return await runner.run()
    }

    /// A world whose thing goes from old to done when it is changed.
    func obedient(before: String = "old", after: String = "done") -> ScriptedWorld {
        ScriptedWorld { command, state in
            guard command.isMutating else {
                return .json(#"{"state":"\#(state.mutations.isEmpty ? before : after)"}"#)
            }
            return CommandResult(.exited(0))
        }
    }

    @Test func `what is done already is not done again`() async {
        let world = obedient(before: "done")
        #expect(await run(step(), in: world) == .succeeded(changed: false))
        #expect(world.mutations.isEmpty)
    }

    @Test func `what isn't done is done once and looked at again`() async {
        let world = obedient()
        #expect(await run(step(), in: world) == .succeeded(changed: true))
        #expect(world.mutations.count == 1)
    }

    @Test func `what is waived is told once, when the attempt ends, whatever was looked at before`()
        async
    {
        let finding = WaivedFinding("P07", "it is down", because: "CHG-7")
        for (settle, before) in [(Duration.minutes(1), "done"), (.zero, "old")] {
            let plain = step(settle: settle)
            let waiving = Step(
                plain.outline, timeout: .minutes(5), preview: plain.preview,
                observe: plain.observe, act: plain.act, waived: { _ in [finding] })
            let told = Mutex<[WaivedFinding]>([])
            let outcome = await run(waiving, in: obedient(before: before)) { finding in
                told.withLock { $0.append(finding) }
            }
            #expect(outcome == .succeeded(changed: before == "old"))
            #expect(told.withLock(\.self) == [finding])
        }
        let told = Mutex<[WaivedFinding]>([])
        let stuck = Step(
            StepOutline("stuck"), timeout: .minutes(5), preview: StepPreview(proof: ""),
            observe: { _ in .failed(Failure(.blocked, "P08 is not waived")) },
            waived: { _ in [finding] })
        _ = await run(stuck, in: obedient()) { finding in told.withLock { $0.append(finding) } }
        #expect(told.withLock(\.self) == [finding])
        let never = Step(
            StepOutline("never"), timeout: .minutes(5), preview: StepPreview(proof: ""),
            observe: { _ in .partial("not yet") }, waived: { _ in [finding] })
        _ = await run(never, in: obedient()) { finding in told.withLock { $0.append(finding) } }
        #expect(told.withLock(\.count) == 1)
    }

    @Test func `a mutating command is written down before and after`() async {
        let world = obedient()
        _ = await run(step(), in: world)
        let (begun, finished) = world.state.withLock { ($0.begun, $0.finished) }
        #expect(begun.map(\.id) == ["7F3K.edge-01.0.0.1.1"])
        #expect(finished["7F3K.edge-01.0.0.1.1"]?.ending == .exited(0))
    }

    @Test func `what a failure asks to be done is done, and written down, before the step ends`()
        async
    {
        let world = ScriptedWorld { _, _ in CommandResult(.exited(0)) }
        let words = "the restart is stuck; it was undone"
        #expect(await run(failing(), in: world) == .failed(Failure(.terminal, words)))
        #expect(world.mutations == [change])
        let (begun, finished) = world.state.withLock { ($0.begun, $0.finished) }
        #expect(begun.map(\.id) == ["7F3K.edge-01.0.0.1.1"])
        #expect(finished["7F3K.edge-01.0.0.1.1"]?.ending == .exited(0))
    }

    @Test func `so it is while the run is halting, but never on another cluster`() async {
        let signals = AttemptSignals()
        signals.drain(.halting)
        let world = ScriptedWorld { _, _ in CommandResult(.exited(0)) }
        _ = await run(failing(), in: world, signals: signals)
        #expect(world.mutations == [change])
        let other = ScriptedWorld { _, _ in CommandResult(.exited(0)) }
        let outcome = await run(failing(), in: other, pinned: "uid-0")
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.kind == .identityMismatch && other.mutations.isEmpty)
    }

    @Test func `what could not be done about a failure is told with it`() async {
        let world = ScriptedWorld { _, _ in .failing("error: unable to find specified revision 3") }
        let words =
            "the restart is stuck; `change it` failed: error: unable to find specified revision 3"
        #expect(await run(failing(), in: world) == .failed(Failure(.terminal, words)))
    }

    private func failing() -> Step {
        let change = change
        return Step(
            StepOutline("restart", interrupt: .betweenItems), timeout: .seconds(60),
            preview: StepPreview(proof: ""),
            observe: { _ in .failed(Failure(.terminal, "the restart is stuck")) },
            remedy: { _ in Remedy([change], words: "it was undone") })
    }

    @Test func `a step that never gets done times out with the last words`() async {
        let world = obedient(before: "moving")
        #expect(
            await run(step(), in: world)
                == .failed(Failure(.timedOut, "not done after 1m 00s: it moves")))
    }

    @Test func `a command without effect is not repeated for ever`() async {
        let world = obedient(after: "old")
        let outcome = await run(step(), in: world)
        #expect(
            outcome
                == .failed(Failure(.terminal, "`change it` was run 5 times and had no effect")))
        #expect(world.mutations.count == 5)
    }

    @Test func `a refusal is final and a conflict is read again`() async {
        let refusing = ScriptedWorld { command, _ in
            command.isMutating
                ? .failing("Error from server (Invalid): spec is invalid")
                : .json(#"{"state":"old"}"#)
        }
        let outcome = await run(step(), in: refusing)
        #expect(
            outcome
                == .failed(
                    Failure(
                        .terminal,
                        "`change it` was refused: Error from server (Invalid): spec is invalid")))
        #expect(refusing.mutations.count == 1)

        let conflicted = ScriptedWorld { command, state in
            guard command.isMutating else {
                return .json(#"{"state":"\#(state.mutations.count < 3 ? "old" : "done")"}"#)
            }
            return state.mutations.count < 3
                ? .failing("Error from server (Conflict): the object has been modified")
                : CommandResult(.exited(0))
        }
        #expect(await run(step(), in: conflicted) == .succeeded(changed: true))
        #expect(conflicted.mutations.count == 3)
    }

    @Test func `an empty list from a dead server is no answer`() async {
        let dead = ScriptedWorld { _, _ in
            var result = CommandResult.failing(
                "The connection to the server 127.0.0.1:1 was refused - did you specify the right "
                    + "host or port?")
            result.stdout = Array(#"{"kind":"List","items":[]}"#.utf8)
            return result
        }
        let outcome = await run(step(), in: dead)
        guard case .failed(let failure) = outcome else {
            Issue.record("It believed the list: \(outcome)")
            return
        }
        #expect(failure.kind == .unreachable)
        #expect(dead.mutations.isEmpty)
    }

    @Test func `an item must hold for the whole time, and a change starts it anew`() async {
        let world = ScriptedWorld { _, state in
            // It restarts once, nine seconds in.
            let restarts = state.now.milliseconds < 9_000 ? 0 : 1
            return .json(#"{"state":"done","restarts":\#(restarts)}"#)
        }
        #expect(await run(step(settle: .seconds(10)), in: world) == .succeeded(changed: false))
        #expect(world.state.withLock(\.now) >= Timestamp(milliseconds: 19_000))
    }

    @Test(arguments: ["moving", "old"])
    func `a relapse starts the hold anew`(relapse: String) async {
        let world = ScriptedWorld { command, state in
            // Seen once, five seconds in, half of what it has to hold.
            guard !command.isMutating, state.now == Timestamp(milliseconds: 5_000),
                state.mutations.isEmpty
            else { return .json(#"{"state":"done"}"#) }
            return .json(#"{"state":"\#(relapse)"}"#)
        }
        _ = await run(step(settle: .seconds(10)), in: world)
        #expect(world.state.withLock(\.now) >= Timestamp(milliseconds: 15_000))
    }

    @Test func `what can't be made out has not held, nor what has to be done again`() async {
        let (path, change) = (path, change)
        let step = Step(
            StepOutline("switch"), timeout: .minutes(2), preview: StepPreview(proof: "both hold"),
            observe: { context in
                guard case .found(let thing)? = context[path] else { return .needs([path]) }
                switch thing["state"]?.string {
                case "old": return .notDone("it is old")
                case "odd": return .unknown("it is odd")
                default: break
                }
                let missing = ["first", "second"].first { !context.settled.contains($0) }
                guard let missing else { return .done("both held") }
                return .settling(item: missing, for: .seconds(10), fingerprint: "")
            }, act: { _ in [change] })
        for relapse in ["old", "odd"] {
            let world = ScriptedWorld { command, state in
                // The first has held by then, and the second has not.
                let relapses = state.now == Timestamp(milliseconds: 15_000)
                guard !command.isMutating, relapses, state.mutations.isEmpty else {
                    return .json(#"{"state":"new"}"#)
                }
                return .json(#"{"state":"\#(relapse)"}"#)
            }
            _ = await run(step, in: world)
            #expect(world.state.withLock(\.now) >= Timestamp(milliseconds: 35_000))
        }
    }

    @Test func `a look that fails is no relapse, and its time does not count`() async {
        let world = ScriptedWorld { _, state in
            (6_000...14_000).contains(state.now.milliseconds)
                ? .failing("Unable to connect to the server: EOF") : .json(#"{"state":"done"}"#)
        }
        #expect(await run(step(settle: .seconds(10)), in: world) == .succeeded(changed: false))
        // Seen from 0 to 5 and from 16 on; a hold begun anew would have ended at 26.
        #expect(world.state.withLock(\.now) == Timestamp(milliseconds: 21_000))
    }

    @Test func `a halting run stops a step between items, but not one that must finish`() async {
        let signals = AttemptSignals()
        signals.drain(.halting)
        let stopped = await run(step(interrupt: .betweenItems), in: obedient(), signals: signals)
        #expect(
            stopped
                == .failed(Failure(.interrupted, "the run is halting")))
        signals.drain(.windowClosed)
        let held = await run(step(interrupt: .betweenItems), in: obedient(), signals: signals)
        #expect(held == .failed(Failure(.interrupted, "its window has closed")))
        let finished = await run(
            step(interrupt: .finishOrRollBack), in: obedient(), signals: signals)
        #expect(finished == .succeeded(changed: true))
    }

    @Test(arguments: [
        (Interrupt.safe, Outcome.failed(Failure(.interrupted, "the run is halting")), 3_000),
        (.betweenItems, .succeeded(changed: false), 30_000),
        (.finishOrRollBack, .succeeded(changed: false), 30_000),
    ])
    func `a halting run leaves a step that waits only where it may be left`(
        interrupt: Interrupt, outcome: Outcome, end: Int
    ) async {
        let signals = AttemptSignals()
        let world = ScriptedWorld { _, state in
            signals.drain(.halting)
            return .json(
                state.now.milliseconds < 30_000 ? #"{"state":"moving"}"# : #"{"state":"done"}"#)
        }
        #expect(await run(step(interrupt: interrupt), in: world, signals: signals) == outcome)
        #expect(world.state.withLock(\.now) <= Timestamp(milliseconds: Int64(end)))
    }

    @Test func `an API server may be away for half a minute, however often it is asked`() async {
        let restarting = ScriptedWorld { _, state in
            state.now.milliseconds < 29_000
                ? .failing("Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout")
                : .json(#"{"state":"done"}"#)
        }
        #expect(await run(step(poll: .seconds(1)), in: restarting) == .succeeded(changed: false))
    }

    @Test func `a command left by a dead coordinator is taken up before anything is decided`() async
    {
        let world = obedient()
        let earlier = Attempt(cluster: "edge-01", phase: 0, step: 0, number: 9)
        let record = CommandRecord(
            id: "7F3K.edge-01.0.0.9.1", attempt: earlier, command: change,
            startedAt: Timestamp(milliseconds: 0))
        world.state.withLock { state in
            state.open = [record]
            state.fates[record.id] = .running
        }
        #expect(await run(step(), in: world) == .succeeded(changed: false))
        #expect(world.state.withLock { $0.finished[record.id]?.ending } == .exited(0))
    }

    @Test func `a command whose host is away stays open, and nothing is decided`() async {
        let world = obedient()
        let record = CommandRecord(
            id: "7F3K.edge-01.0.0.9.1",
            attempt: Attempt(cluster: "edge-01", phase: 0, step: 0, number: 9), command: change,
            startedAt: Timestamp(milliseconds: 0))
        world.state.withLock { state in
            state.open = [record]
            state.fates[record.id] = .unreachable("bastion ams-jump is away")
        }
        let away = Outcome.failed(Failure(.unreachable, "bastion ams-jump is away"))
        #expect(await run(step(), in: world) == away)
        #expect(world.state.withLock(\.finished).isEmpty)
        #expect(world.mutations.isEmpty)
    }

    @Test func `one page after another becomes one list`() async {
        let pages = ScriptedWorld { command, _ in
            command.argv.contains { $0.contains("continue=") }
                ? .json(#"{"metadata":{},"items":[{"n":2}]}"#)
                : .json(#"{"metadata":{"continue":"a b"},"items":[{"n":1}]}"#)
        }
        let reader = ClusterReader(
            executor: pages, cluster: Cluster("edge-01"), management: nil, prefix: "p")
        let result = try? await reader.read(.path("/api/v1/pods?limit=1", on: .cluster))
        guard case .found(let list)? = result else {
            Issue.record("There was no list: \(result as Any)")
            return
        }
        #expect(list["items"]?.array?.count == 2)
    }

    @Test func `what is being watched may outlast the step's time, what is waited for may not`()
        async
    {
        func slow(_ observation: Observation) -> Step {
            Step(
                StepOutline("switch"), timeout: .seconds(10), hold: .minutes(10),
                preview: StepPreview(proof: "none"),
                observe: { context in
                    context.settled.isEmpty ? observation : .done("it held")
                })
        }
        let watched = Observation.settling(item: "it", for: .minutes(3), fingerprint: "")
        #expect(await run(slow(watched), in: obedient()) == .succeeded(changed: false))
        #expect(
            await run(slow(.partial("it moves")), in: obedient())
                == .failed(Failure(.timedOut, "not done after 10s: it moves")))
    }
}

import FleetCoordinator
import FleetModel
import FleetRunner
import Synchronization
import Testing

/// What a step holds while it waits.
extension StepRunnerTests {
    private static let lease = Reading.path("/lease", on: .cluster)
    private static let renewal = Command(
        ["kubectl", "patch", "lease"], isMutating: true, purpose: "renew it")

    /// A step that holds something which lasts for an hour and is renewed in the last third.
    private func holding(
        _ step: Step, else answer: @escaping @Sendable (StepContext) -> Observation? = { _ in nil }
    ) -> Step {
        Step(
            step.outline, timeout: step.timeout, poll: step.poll, hold: step.hold,
            edits: step.edits, preview: step.preview,
            observe: { answer($0) ?? step.observe($0) }, act: step.act,
            upkeep: Upkeep([Self.lease]) { context in
                guard case .found(let lease) = context[Self.lease] else { return .kept }
                if let holder = lease["holder"]?.string, holder != "7F3K" {
                    return .lost(Failure(.terminal, "\(holder) holds the lease"))
                }
                let renewed = Timestamp(milliseconds: Int64(lease["renewed"]?.int ?? 0))
                return context.now - renewed > .minutes(40) ? .due([Self.renewal]) : .kept
            })
    }

    /// A world whose thing moves for so long, and whose lease says when it was renewed.
    private func slow(
        _ duration: Duration, holder: String = "7F3K",
        renewing: @escaping @Sendable (inout ScriptedWorld.State) -> CommandResult = { _ in
            CommandResult(.exited(0))
        }
    ) -> ScriptedWorld {
        let end = Timestamp(milliseconds: duration.inMilliseconds)
        return ScriptedWorld { command, world in
            if command == Self.renewal { return renewing(&world) }
            guard command.argv.contains("/lease") else {
                return .json(#"{"state":"\#(world.now < end ? "moving" : "done")"}"#)
            }
            return .json(#"{"holder":"\#(holder)","renewed":\#(world.renewedAt)}"#)
        }
    }

    private var patient: Step { step(timeout: .minutes(780), poll: .seconds(15)) }

    @Test func `who waits for half a day renews what it holds, and not at every look`() async {
        let world = slow(.minutes(720))
        #expect(await run(holding(patient), in: world) == .succeeded(changed: false))
        #expect(world.mutations == Array(repeating: Self.renewal, count: 17))
        let (begun, finished) = world.state.withLock { ($0.begun, $0.finished) }
        #expect(begun.count == 17 && begun.first?.id == "7F3K.edge-01.0.0.1.1")
        #expect(begun.allSatisfy { finished[$0.id]?.succeeded == true })
        let gaps = zip(begun, begun.dropFirst()).map { $1.startedAt - $0.startedAt }
        #expect(gaps.allSatisfy { $0 > .minutes(40) && $0 < .minutes(43) }, "\(gaps)")
    }

    @Test func `a step that holds nothing renews nothing, and a short one does not even look`()
        async
    {
        let world = slow(.minutes(720))
        #expect(await run(patient, in: world) == .succeeded(changed: false))
        #expect(world.mutations.isEmpty)
        let held = slow(.seconds(59), holder: "9QQQ")
        #expect(await run(holding(patient), in: held) == .succeeded(changed: false))
    }

    @Test func `what somebody else holds by now ends the step`() async {
        let world = slow(.minutes(720), holder: "9QQQ")
        #expect(
            await run(holding(patient), in: world)
                == .failed(Failure(.terminal, "9QQQ holds the lease")))
        #expect(world.mutations.isEmpty)
        #expect(world.clock.now() < Timestamp(milliseconds: 0) + .minutes(2))
    }

    @Test func `nothing is renewed on a cluster that is not the one it was`() async {
        let world = slow(.minutes(720))
        let outcome = await run(holding(patient), in: world, pinned: "uid-0")
        guard case .failed(let failure) = outcome else {
            Issue.record("It went on: \(outcome)")
            return
        }
        #expect(failure.kind == .identityMismatch && world.mutations.isEmpty)
    }

    @Test func `what is being watched goes on being watched`() async {
        let world = slow(.zero)
        let watched = holding(
            step(settle: .minutes(120), timeout: .minutes(180), poll: .seconds(15)))
        #expect(await run(watched, in: world) == .succeeded(changed: false))
        #expect(world.mutations.count == 2)
        #expect(world.clock.now() < Timestamp(milliseconds: 0) + .minutes(121))
    }

    @Test func `a step that renewed has not acted, and what it ran last is what it did itself`()
        async
    {
        let looking = holding(patient) { context in
            guard context.hasActed || !context.lastRun.isEmpty else { return nil }
            return .failed(Failure(.terminal, "it believes that it acted"))
        }
        let world = slow(.minutes(60))
        #expect(await run(looking, in: world) == .succeeded(changed: false))
        #expect(world.mutations.count == 1)
    }

    @Test func `a renewal that fails is tried again, and in the end the step fails by it`() async {
        let hiccup = slow(.minutes(60)) { world in
            guard world.mutations.count < 3 else { return CommandResult(.exited(0)) }
            return .failing("Unable to connect to the server: EOF")
        }
        #expect(await run(holding(patient), in: hiccup) == .succeeded(changed: false))
        let tries = hiccup.state.withLock { $0.begun.map(\.startedAt) }
        #expect(tries.count == 3)
        #expect(zip(tries, tries.dropFirst()).allSatisfy { $1 - $0 >= .minutes(1) })
        let never = slow(.minutes(60)) { _ in .failing("leases is forbidden: User \"us\" cannot") }
        guard case .failed(let failure) = await run(holding(patient), in: never) else {
            Issue.record("It went on.")
            return
        }
        #expect(failure.reason.hasPrefix("`renew it` was refused: "))
    }

    @Test func `a lease that can't be read for a moment is looked at again`() async {
        let inner = slow(.minutes(60))
        let world = ScriptedWorld { command, state in
            let isDark = state.now < Timestamp(milliseconds: 0) + .seconds(75)
            guard command.argv.contains("/lease"), isDark else {
                return inner.answer(command, &state)
            }
            return .failing("Unable to connect to the server: EOF")
        }
        #expect(await run(holding(patient), in: world) == .succeeded(changed: false))
        #expect(world.mutations.count == 1)
    }

    @Test func `a step that may be left is left, and nothing renewed on the way`() async {
        let signals = AttemptSignals()
        signals.drain(.halting)
        let world = slow(.minutes(720))
        guard case .failed(let failure) = await run(holding(patient), in: world, signals: signals)
        else {
            Issue.record("It went on.")
            return
        }
        #expect(failure.kind == .interrupted && world.mutations.isEmpty)
    }

    @Test func `a step of a lab's cluster keeps what it holds`() {
        #expect(holding(patient).paced(by: 20).upkeep != nil)
    }
}

extension ScriptedWorld.State {
    /// When a renewal last succeeded, in milliseconds.
    fileprivate var renewedAt: Int64 {
        begun.last { finished[$0.id]?.succeeded == true }?.startedAt.milliseconds ?? 0
    }
}

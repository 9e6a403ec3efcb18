import FleetModel
import FleetRunner
import Synchronization
import Testing

/// Whether a cluster is the one it was, before it is changed and before a step is done.
extension StepRunnerTests {
    @Test func `a context that leads elsewhere is never acted on`() async {
        let world = obedient()
        let outcome = await run(step(), in: world, pinned: "uid-0")
        guard case .failed(let failure) = outcome else {
            Issue.record("It went on: \(outcome)")
            return
        }
        #expect(failure.kind == .identityMismatch)
        #expect(world.mutations.isEmpty)
    }

    @Test func `what another cluster has done is not done here`() async {
        let outcome = await run(step(), in: obedient(before: "done"), pinned: "uid-0")
        #expect(
            outcome
                == .failed(
                    Failure(
                        .identityMismatch,
                        "context \"edge-01\" leads to another cluster than before: "
                            + "kube-system UID uid-1 instead of uid-0")))
    }

    @Test func `a context that leads elsewhere after the first change is not followed`() async {
        let world = ScriptedWorld { command, state in
            guard command.isMutating else { return .json(#"{"state":"old"}"#) }
            state.uid = "uid-2"
            return CommandResult(.exited(0))
        }
        let outcome = await run(step(), in: world, pinned: "uid-1")
        guard case .failed(let failure) = outcome else {
            Issue.record("It went on: \(outcome)")
            return
        }
        #expect(failure.kind == .identityMismatch)
        #expect(world.mutations.count == 1)
    }

    @Test(arguments: [(20, true), (40, false)])
    func `who the cluster is may stay open for half a minute, and so does what is to be done`(
        silence: Int64, succeeds: Bool
    ) async {
        let world = obedient()
        world.state.withLock { $0.isSilentUntil = Timestamp(milliseconds: silence * 1_000) }
        let words = "can't tell whether this is edge-01: Unable to connect to the server: EOF"
        #expect(
            await run(step(), in: world)
                == (succeeds ? .succeeded(changed: true) : .failed(Failure(.transient, words))))
        #expect(world.mutations.count == (succeeds ? 1 : 0))
    }

    @Test func `a host that is not the one we know counts as another cluster`() async {
        let world = ScriptedWorld { _, _ in CommandResult(.untrusted("its key has changed")) }
        let outcome = await run(step(), in: world)
        #expect(outcome == .failed(Failure(.identityMismatch, "its key has changed")))
    }
}

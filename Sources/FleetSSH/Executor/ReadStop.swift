import FleetModel
import Synchronization

/// Stops one read, once, for the first reason that comes.
///
/// The reason may come before the bastion has said who leads the command: then
/// it is stopped as soon as that is known, or given up if it never is.
final class ReadStop: Sendable {
    private struct State {
        var leader: ReadLeader?
        var reason: CommandResult.Ending?
        var isOver = false
        var stop: Task<Void, Never>?
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let caller: BastionCaller

    init(_ caller: BastionCaller) { self.caller = caller }

    var reason: CommandResult.Ending? { state.withLock { $0.reason } }
    var leader: ReadLeader? { state.withLock { $0.leader } }

    func began(_ words: [String]) {
        guard let leader = ReadLeader(words) else { return }
        state.withLock {
            $0.leader = leader
            if $0.reason != nil, !$0.isOver { stop(leader, &$0) }
        }
    }

    func pull(_ reason: CommandResult.Ending) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isOver, state.reason == nil else { return nil }
            state.reason = reason
            if let leader = state.leader { stop(leader, &state) } else { giveUpLater(&state) }
            return nil
        }
        cancel?()
    }

    /// Runs what may be given up when a stop leads to nothing.
    func watch<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await work() }
        state.withLock { $0.cancel = { task.cancel() } }
        defer { state.withLock { $0.cancel = nil } }
        return await task.value
    }

    /// Sleeps, but not past a reason to stop.
    func pause(_ duration: Duration) async {
        let clock = caller.clock
        let sleep = Task { try? await clock.sleep(for: duration) }
        let isStopping = state.withLock { state in
            state.cancel = { sleep.cancel() }
            return state.reason != nil
        }
        if isStopping { sleep.cancel() }
        _ = await sleep.value
        state.withLock { $0.cancel = nil }
    }

    /// The command ended, or nobody will learn how; waits for a stop under way.
    func ended() async -> CommandResult.Ending? {
        let (reason, stop) = state.withLock {
            $0.isOver = true
            return ($0.reason, $0.stop)
        }
        await stop?.value
        return reason
    }

    private func stop(_ leader: ReadLeader, _ state: inout State) {
        state.stop = Task { [caller] in
            await caller.stop(leader)
            try? await caller.clock.sleep(for: caller.limits.linger)
            self.giveUp()
        }
    }

    /// Nothing was sent yet, or the answer is on its way.
    private func giveUpLater(_ state: inout State) {
        let wait = caller.limits.linger * 5
        let clock = caller.clock
        Task { [weak self] in
            try? await clock.sleep(for: wait)
            if self?.leader == nil { self?.giveUp() }
        }
    }

    private func giveUp() {
        let cancel = state.withLock { $0.cancel }
        cancel?()
    }
}

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
    private let id: CommandID

    init(_ caller: BastionCaller, _ id: CommandID) { (self.caller, self.id) = (caller, id) }

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
        state.withLock { state in
            guard !state.isOver, state.reason == nil else { return }
            state.reason = reason
            if let leader = state.leader { stop(leader, &state) } else { giveUpLater() }
        }
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

    /// The rest of the answer comes soon after the end of the group, or never.
    private func stop(_ leader: ReadLeader, _ state: inout State) {
        state.stop = Task { [caller, id] in
            await caller.stop(leader, of: id)
            giveUp(after: caller.limits.linger)
        }
    }

    /// What has no leader yet was not sent, or its answer is on its way.
    private func giveUpLater() {
        Task { [caller] in
            // Nobody cancels the waiting.
            try? await caller.clock.sleep(for: caller.limits.linger * 5)
            if leader == nil { giveUp(after: .zero) }
        }
    }

    private func giveUp(after delay: Duration) {
        Task { [caller] in
            // Nobody cancels the waiting.
            try? await caller.clock.sleep(for: delay)
            let cancel = state.withLock { $0.cancel }
            cancel?()
        }
    }
}

import Synchronization

/// What keeps a follower of a job from waiting on.
final class Interruption: Sendable {
    enum Reason: Hashable, Sendable {
        case cancelled
        /// Its bastion is silent although the job must have ended by now.
        case overdue
    }

    private struct State {
        var reason: Reason?
        var isHopeless = false
        var cancel: (@Sendable () -> Void)?
        /// Counts changes, so that what began before one is told from what began after.
        var changes = 0
    }

    private let state = Mutex(State())

    var reason: Reason? { state.withLock { $0.reason } }
    var isHopeless: Bool { state.withLock { $0.isHopeless } }
    var changes: Int { state.withLock { $0.changes } }

    /// The job is to be stopped; the first reason counts.
    func pull(_ reason: Reason) {
        change {
            guard $0.reason == nil else { return false }
            $0.reason = reason
            return true
        }
    }

    /// Not even stopping it can be waited for any longer.
    func giveUp() {
        change {
            $0.isHopeless = true
            return true
        }
    }

    /// Runs work that ends early when something changes after the given state.
    func perform<Value: Sendable>(
        since changes: Int, _ work: @escaping @Sendable () async -> Value
    ) async -> Value {
        let task = Task { await work() }
        let isLate = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.changes != changes
        }
        if isLate { task.cancel() }
        defer { state.withLock { $0.cancel = nil } }
        return await task.value
    }

    private func change(_ apply: (inout State) -> Bool) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard apply(&state) else { return nil }
            state.changes += 1
            return state.cancel
        }
        cancel?()
    }
}

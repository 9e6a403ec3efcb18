import Synchronization

/// The tasks that sleep until something changes.
final class ChangeWaiters: Sendable {
    private struct State {
        var nextID = 0
        var sleeping: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Wakes every sleeper.
    func wake() {
        let woken = state.withLock { state in
            defer { state.sleeping = [:] }
            return Array(state.sleeping.values)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Sleeps until woken or cancelled, unless what it waits for is already true.
    func wait(until isReady: () -> Bool) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Registered first and asked second, so that no change slips between.
                state.withLock { $0.sleeping[id] = continuation }
                if Task.isCancelled || isReady() { wake(id) }
            }
        } onCancel: {
            wake(id)
        }
    }

    private func wake(_ id: Int) {
        state.withLock { $0.sleeping.removeValue(forKey: id) }?.resume()
    }
}

import Synchronization

/// Cancels something once, at once or after a while, if it is not over by then.
final class Ripcord: Sendable {
    private struct State {
        var isPulled = false
        var isDetached = false
        var cancel: (@Sendable () -> Void)?
        var timer: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func attach(_ cancel: @escaping @Sendable () -> Void) {
        let isPulled = state.withLock { state in
            state.cancel = cancel
            return state.isPulled
        }
        if isPulled { cancel() }
    }

    func detach() {
        let timer = state.withLock { state in
            state.isDetached = true
            state.cancel = nil
            return state.timer
        }
        timer?.cancel()
    }

    func pull() {
        let cancel = state.withLock { state in
            state.isPulled = true
            return state.cancel
        }
        cancel?()
    }

    func pull(after delay: Duration, on clock: any Clock<Duration>) {
        state.withLock { state in
            guard !state.isDetached, state.timer == nil else { return }
            state.timer = Task {
                // Fails only when it was detached meanwhile.
                guard (try? await clock.sleep(for: delay)) != nil else { return }
                pull()
            }
        }
    }
}

import Synchronization

/// Whether a time is over, for those who only look now and then.
final class Patience: Sendable {
    private let state = Mutex<(isOver: Bool, timer: Task<Void, Never>?)>((false, nil))

    var isOver: Bool { state.withLock { $0.isOver } }

    init(_ duration: Duration, on clock: any Clock<Duration>) {
        let timer = Task { [weak self] in
            // Fails only when nobody looks any more.
            guard (try? await clock.sleep(for: duration)) != nil else { return }
            self?.state.withLock { $0.isOver = true }
        }
        state.withLock { $0.timer = timer }
    }

    deinit { state.withLock { $0.timer?.cancel() } }
}

import Synchronization

/// A value that comes once, for one who waits; the first counts.
final class FirstValue<Value: Sendable>: Sendable {
    private let state = Mutex<(value: Value?, waiting: CheckedContinuation<Value, Never>?)>(
        (nil, nil))

    var isThere: Bool { state.withLock { $0.value != nil } }

    func fill(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, Never>? in
            guard state.value == nil else { return nil }
            state.value = value
            return state.waiting
        }
        waiting?.resume(returning: value)
    }

    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state in
                    if state.value == nil { state.waiting = continuation }
                    return state.value
                }
                if let value { continuation.resume(returning: value) }
            }
        }
    }
}

extension Task where Failure == Never {
    /// The value, or `nil` when the waiting for it is cancelled: the task goes on.
    var valueUnlessCancelled: Success? {
        get async {
            let first = FirstValue<Success?>()
            Task<Void, Never> { first.fill(await value) }
            return await withTaskCancellationHandler {
                await first.value
            } onCancel: {
                first.fill(nil)
            }
        }
    }
}

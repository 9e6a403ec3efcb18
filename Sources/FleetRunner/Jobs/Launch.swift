import Synchronization

/// One start of a supervisor, which may turn out to be one too many.
final class Launch: Sendable {
    private let state = Mutex<(end: End?, tell: (@Sendable () -> Void)?)>((nil, nil))

    /// `nil` while the supervisor runs.
    var end: End? { state.withLock { $0.end } }

    func finish(_ end: End) {
        let tell = state.withLock { state in
            state.end = end
            return state.tell
        }
        tell?()
    }

    /// Sleeps, but not past the end of the supervisor. For one at a time.
    func sleep(_ duration: Duration, on clock: any Clock<Duration>) async {
        // Cut short is as good as over.
        let sleep = Task { try? await clock.sleep(for: duration) }
        let isOver = state.withLock { state in
            state.tell = { sleep.cancel() }
            return state.end != nil
        }
        if isOver { sleep.cancel() }
        await sleep.value
    }

    enum End: Hashable, Sendable {
        /// With this status, or `nil` by a signal.
        case exited(Int32?)
        case failed(String)

        /// Why no job was claimed, if the facts show none.
        var reason: String {
            switch self {
            case .exited(JobScript.Exit.toolMissing):
                "a durable job needs setsid and sleep, and one of them is missing"
            case .exited(let status?): "the job could not be claimed (exit \(status))"
            case .exited(nil): "the job's supervisor was killed before it could claim it"
            case .failed(let reason): reason
            }
        }
    }
}

public import FleetCoordinator
import Synchronization

/// What the run tells an attempt while it is under way.
public final class AttemptSignals: Sendable {
    private struct State {
        var drainReason: DrainReason?
        var stopReason: Directive.StopReason?
        var stopped: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    /// Why to stop after the item at hand, as words about the attempt.
    public enum DrainReason: String, Sendable {
        case halting = "the run is halting"
        case windowClosed = "its window has closed"
    }

    /// Why the attempt is to stop after the item at hand, if it is.
    public var drainReason: DrainReason? { state.withLock(\.drainReason) }

    /// Whether to stop after the item at hand.
    public var isDraining: Bool { drainReason != nil }

    /// Why the attempt is being stopped, if it is.
    public var stopReason: Directive.StopReason? { state.withLock(\.stopReason) }

    public func drain(_ reason: DrainReason) { state.withLock { $0.drainReason = reason } }

    public func stop(_ reason: Directive.StopReason) {
        let waiting = state.withLock { state in
            state.stopReason = state.stopReason ?? reason
            return state.stopped.take()
        }
        waiting?.resume()
    }

    /// Suspends until the attempt is to stop, or its task is cancelled.
    func untilStopped() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.stopReason == nil, !Task.isCancelled else { return true }
                    state.stopped = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.stopped.take() }?.resume()
        }
    }
}

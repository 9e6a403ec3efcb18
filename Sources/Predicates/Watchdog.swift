import CJQ
import Dispatch
import FleetModel
import Synchronization

/// Ends a program that would run for ever.
final class Watchdog: Sendable {
    /// A thousand times what the longest list of a cluster takes.
    static let patience = Duration.seconds(2)

    /// A thread of its own: those of a global queue may all be running such programs.
    private static let queue = DispatchQueue(label: "watchdog of predicates")

    private enum Stage {
        case watching
        case left
        case bitten
    }
    private let stage = Mutex(Stage.watching)

    init(_ state: OpaquePointer) {
        nonisolated(unsafe) let state = state
        let patience = DispatchTimeInterval.milliseconds(Int(Self.patience.inMilliseconds))
        Self.queue.asyncAfter(deadline: .now() + patience) { [weak self] in
            self?.stage.withLock { stage in
                guard stage == .watching else { return }
                stage = .bitten
                // The interpreter looks for this before each of its steps.
                jq_halt(state, jv_invalid(), jv_invalid())
            }
        }
    }

    /// The program came to its end. False if it was ended.
    func leave() -> Bool {
        stage.withLock { stage in
            defer { if stage == .watching { stage = .left } }
            return stage == .watching
        }
    }
}

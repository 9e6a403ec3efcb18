import FleetModel
import Synchronization

/// Stops one plain command, once, for the first reason that comes.
///
/// The reason may come before the command has a pid: then it is stopped as
/// soon as it has one. It may come when the command has ended: then it is
/// ignored.
final class StopSwitch: Sendable {
    private struct State {
        var group: ProcessGroup?
        var reason: CommandResult.Ending?
        var isOver = false
        var stop: Task<Void, Never>?
    }

    private let state = Mutex(State())
    private let grace: Duration
    private let clock: any Clock<Duration>

    init(grace: Duration, clock: any Clock<Duration>) {
        (self.grace, self.clock) = (grace, clock)
    }

    /// Whether the command was ever started.
    var hasBegun: Bool { state.withLock { $0.group != nil } }

    func began(_ group: ProcessGroup) {
        state.withLock {
            $0.group = group
            stopIfDue(&$0)
        }
    }

    func pull(_ reason: CommandResult.Ending) {
        state.withLock {
            guard !$0.isOver, $0.reason == nil else { return }
            $0.reason = reason
            stopIfDue(&$0)
        }
    }

    /// The command ended; waits until a stop under way has reached all of its
    /// group, and says why it was stopped, if it was.
    func ended() async -> CommandResult.Ending? {
        let (reason, stop) = state.withLock {
            $0.isOver = true
            return ($0.reason, $0.stop)
        }
        await stop?.value
        return reason
    }

    private func stopIfDue(_ state: inout State) {
        guard state.reason != nil, state.stop == nil, let group = state.group else { return }
        state.stop = Task { [grace, clock] in await group.end(grace: grace, clock: clock) }
    }
}

import Foundation

/// A command and everything it started that did not leave its process group.
struct ProcessGroup: Hashable, Sendable {
    /// The pid of the command, which leads the group.
    let id: Int32

    /// How long the kernel is given to remove what was killed.
    private static let killPatience: Duration = .seconds(2)

    /// Ends the whole group: TERM, and after the grace KILL for what is left.
    func end(grace: Duration, clock: any Clock<Duration>) async {
        send(SIGTERM)
        if await isGone(within: grace, clock: clock) { return }
        send(SIGKILL)
        _ = await isGone(within: Self.killPatience, clock: clock)
    }

    private func isGone(within patience: Duration, clock: any Clock<Duration>) async -> Bool {
        var pace = Pace(clock: clock)
        while isAlive {
            guard pace.waited < patience else { return false }
            await pace.wait()
        }
        return true
    }

    /// Zombies don't count: in a container it may be long before they are
    /// reaped. While one is there the group's number can't go to another.
    private var isAlive: Bool {
        kill(-id, 0) == 0 && ProcessStat.ofLiving().contains { $0.stat.group == id }
    }

    private func send(_ signal: Int32) { kill(-id, signal) }
}

import Foundation

/// Lets only so many children run at once; the others wait their turn.
///
/// Without it swift-subprocess crashes or hangs when file descriptors run out.
package actor SpawnGate {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(children: Int) { free = max(1, children) }

    /// Runs the work once there is room for it.
    package func pass<Result: Sendable>(_ work: @Sendable () async -> Result) async -> Result {
        await enter()
        defer { leave() }
        return await work()
    }

    private func enter() async {
        guard free == 0 else { return free -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands the place on rather than freeing it, so that nobody overtakes.
    private func leave() {
        guard !waiting.isEmpty else { return free += 1 }
        waiting.removeFirst().resume()
    }
}

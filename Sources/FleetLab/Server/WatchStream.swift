/// Tells one client what happens, until it goes, time is up or the cluster is cut off.
struct WatchStream: Sendable {
    /// The way to the cluster broke while the watch was on.
    struct Cut: Error {}

    let plan: WatchPlan
    let store: ClusterStore

    func run(_ write: ([UInt8]) async throws -> Void) async throws {
        let deadline = ContinuousClock.now + .seconds(plan.timeoutSeconds)
        var (events, version) = plan.opening(store)
        while !Task.isCancelled {
            if !events.isEmpty { try await write(events) }
            guard ContinuousClock.now < deadline else { break }
            await waitForChange(after: version, until: deadline)
            if store.transportFault == .unreachable { throw Cut() }
            await store.waitWhileHung()
            do {
                let changes = try store.changes(after: version)
                events = plan.events(for: changes, now: store.clock.now)
                version = changes.last?.resourceVersion ?? version
            } catch {
                return try await write(WatchPlan.failure(error))
            }
        }
        if plan.wantsBookmarks, !Task.isCancelled { try await write(plan.bookmark(version)) }
    }

    private func waitForChange(
        after version: Int, until deadline: ContinuousClock.Instant
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await store.waitForChange(after: version) }
            // Cancelled as soon as something changes.
            group.addTask { try? await Task.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Tells one client what happens, until it goes, time is up or the cluster is cut off.
struct WatchStream: Sendable {
    /// The way to the cluster broke while the watch was on.
    struct Cut: Error {}

    let plan: WatchPlan
    let store: ClusterStore

    func run(_ write: ([UInt8]) async throws -> Void) async throws {
        let deadline = ContinuousClock.now + .seconds(plan.timeoutSeconds)
        var (events, version) = plan.opening(now: store.clock.now)
        while !Task.isCancelled {
            if !events.isEmpty { try await write(events) }
            guard ContinuousClock.now < deadline else { break }
            try await waitForNews(after: version, until: deadline)
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

    private func waitForNews(
        after version: Int, until deadline: ContinuousClock.Instant
    ) async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                switch store.transportFault {
                case .hung: await store.waitWhileHung()
                case .slow(let delay):
                    // Cancelled when time is up or the client goes: then it doesn't matter.
                    try? await ContinuousClock().sleep(for: delay)
                    await store.waitForChange(after: version)
                case .unreachable: break
                case .flaky, nil: await store.waitForNews(after: version)
                }
            }
            // Cancelled as soon as there is news.
            group.addTask { try? await ContinuousClock().sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
        if store.transportFault == .unreachable { throw Cut() }
    }
}

/// Lets the clusters of a lab live in real time.
///
/// Each cluster is led by a task of its own that sleeps until something changes
/// or is due. An idle lab does nothing at all, but for one look a second.
struct LabHeart: Sendable {
    let fleet: LabFleet
    let clock: any LabClock

    /// How long changes are gathered before a cluster reacts, as its controllers
    /// would be slower than that too.
    private static let gathering = Duration.milliseconds(10)
    /// A fault is noticed after this time at the latest, and a lost wake-up made good.
    private static let longestSleep = 1000.0

    /// Beats until cancelled.
    func beat() async {
        await withDiscardingTaskGroup { group in
            for world in fleet.ordered {
                group.addTask { await lead(world) }
            }
        }
    }

    private func lead(_ world: ClusterWorld) async {
        while !Task.isCancelled {
            let due = world.advance(to: clock.now)
            // Cancellation ends the sleep early, and the loop with it.
            try? await ContinuousClock().sleep(for: Self.gathering)
            await sleep(of: world, until: due)
        }
    }

    /// Sleeps until a store that the world depends on changes, or something is due.
    private func sleep(of world: ClusterWorld, until due: LabTime?) async {
        guard !world.hasNews else { return }
        let versions = world.versions
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await world.store.waitForChange(after: versions.own) }
            if let management = world.management, let version = versions.management {
                group.addTask { await management.waitForChange(after: version) }
            }
            group.addTask { [pause = pause(until: due)] in
                // The group cancels this sleep when a change ends the wait.
                try? await ContinuousClock().sleep(for: pause)
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func pause(until due: LabTime?) -> Duration {
        guard let due else { return .milliseconds(Self.longestSleep) }
        let real = Double(max(0, due - clock.now)) / fleet.configuration.speed
        return .milliseconds(min(real, Self.longestSleep))
    }
}

import FleetCalendar
import FleetJournal
import FleetModel

extension StoredPlan {
    /// When the plan's windows are open: from before any of its runs began to years from now.
    func windowTimes(at now: Timestamp = .now) throws -> WindowTimes {
        try WindowTimes(
            of: plan.windows, from: createdAt, for: now - createdAt + windowHorizon)
    }
}

/// Nobody plans a window further ahead; who leads a run for longer has to resume it.
let windowHorizon = Duration.seconds(800 * 86_400)

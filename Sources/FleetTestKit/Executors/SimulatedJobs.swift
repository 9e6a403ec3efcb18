public import FleetModel
import FleetRunner
import Synchronization

/// The jobs of simulated executors, which outlive any of them.
public final class SimulatedJobs<Instant: InstantProtocol>: Sendable {
    struct Job: Sendable {
        var endsAt: Instant
        var result: CommandResult
    }

    private struct State {
        var jobs: [CommandID: Job] = [:]
        var starts: [CommandID] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// The ids of all jobs that were started, in that order; none is there
    /// twice unless it was acknowledged in between.
    public var starts: [CommandID] { state.withLock { $0.starts } }

    /// Loses a job, as when its host loses power at this moment.
    public func lose(_ id: CommandID, at instant: Instant) {
        end(id, with: CommandResult(.lost("the host went down")), at: instant)
    }

    /// The job of that id; it is started if it isn't known and can be.
    func claim(_ id: CommandID, start: () -> Job?) -> Job? {
        state.withLock { state in
            if let job = state.jobs[id] { return job }
            guard let job = start() else { return nil }
            state.jobs[id] = job
            state.starts.append(id)
            return job
        }
    }

    func job(_ id: CommandID) -> Job? { state.withLock { $0.jobs[id] } }

    func forget(_ id: CommandID) { state.withLock { $0.jobs[id] = nil } }

    /// Ends a job early; one that has ended stays as it is.
    func end(_ id: CommandID, with result: CommandResult, at instant: Instant) {
        state.withLock { state in
            guard let job = state.jobs[id], instant < job.endsAt else { return }
            state.jobs[id] = Job(endsAt: instant, result: result)
        }
    }
}

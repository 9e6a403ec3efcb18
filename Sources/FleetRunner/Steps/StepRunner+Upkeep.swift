import FleetModel

/// What a step holds while it waits: the cluster's writer lock.
///
/// Whoever acts renews it, and so does whoever waits for long: hours may pass until somebody has
/// changed a DNS record, and nobody else may take the cluster meanwhile.
extension StepRunner {
    /// Looks after what the step holds, if nobody has for a while.
    func keepUp(_ state: inout StepState) async throws(StepEnded) {
        let now = surroundings.clock.now()
        guard let upkeep = step.upkeep, now >= state.keptUpAt + upkeepInterval,
            let standing = try await standing(of: upkeep, at: now, &state)
        else { return }
        state.keptUpAt = now
        switch standing {
        case .kept: return
        case .due(let commands): try await renew(by: commands, &state)
        case .lost(let failure): throw StepEnded(outcome: .failed(failure))
        }
    }

    /// `nil` when nobody tells for now.
    private func standing(
        of upkeep: Upkeep, at now: Timestamp, _ state: inout StepState
    ) async throws(StepEnded) -> Upkeep.Standing? {
        do throws(ReadingFailed) {
            let readings = try await reader.read(upkeep.readings)
            return upkeep.standing(StepContext(readings: readings, now: now))
        } catch {
            _ = try state.observation(of: error.failure, at: now, outage: step.outage)
            return nil
        }
    }

    /// These are written down and go to the cluster that was pinned, like everything that changes
    /// it; but the step has not acted by them. One that fails is tried again a look later: there
    /// is time left for more of them than end a step.
    private func renew(
        by commands: [Command], _ state: inout StepState
    ) async throws(StepEnded) {
        guard try await isItself(&state) else { return }
        for command in commands {
            let result = try await run(command, &state)
            guard result.succeeded else {
                return try await answer(KubectlFailure(result, of: command), to: command, &state)
            }
        }
        state.actingFailures = 0
    }
}

/// Often beside the hour that a lock lasts, and rarely beside the looks at the cluster itself.
private let upkeepInterval = Duration.seconds(60)

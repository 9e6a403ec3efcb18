import FleetModel

/// What a step remembers of the cluster, beyond the life of the coordinator that looked.
extension StepRunner {
    /// Takes up what an earlier attempt at the step remembered, where nobody has judged by it:
    /// its coordinator died, or it could not see the cluster in the end.
    func takeUpBaseline(_ state: inout StepState) async throws(StepEnded) {
        // The first attempt has none before it, and most steps need but one.
        guard attempt.number > 1, let kept = try await keptBaseline() else { return }
        let identity = try await checkIdentity(&state)
        do throws(UnreadableBaseline) {
            try kept.expect(step: step.outline, identity: identity)
            state.baseline = try step.recall(kept.text)
            state.hasOfferedBaseline = true
        } catch {
            await surroundings.log.warn(
                "what step \(step.outline.name) remembered of the cluster can't be used: "
                    + "\(error.reason); it is compared with how things are now",
                about: attempt.cluster)
        }
    }

    private func keptBaseline() async throws(StepEnded) -> KeptBaseline? {
        do {
            return try await surroundings.log.baseline(before: attempt)
        } catch {
            throw .failed(.transient, "the journal can't be read: \(error)")
        }
    }

    /// What is to be kept before the next command is run; `nil` when it is, or there is nothing.
    func baselineToKeep(_ state: StepState, at now: Timestamp) async -> KeptBaseline? {
        guard !state.hasOfferedBaseline, let baseline = state.baseline,
            let identity = state.identity
        else { return nil }
        let text = baseline.text
        guard text.utf8.count <= longestBaseline else {
            await surroundings.log.warn(
                "what step \(step.outline.name) remembers of the cluster is too long to be kept: "
                    + "after a crash it would be compared with nothing", about: attempt.cluster)
            return nil
        }
        return KeptBaseline(
            text, of: step.outline, by: attempt, identity: identity, at: now)
    }
}

/// In bytes. The largest clusters have some hundred kilobytes; what is longer is no look at one,
/// and would slow down the journal of the whole fleet.
private let longestBaseline = 8 << 20

import FleetModel

/// The lock of a step that only waits.
extension WriterLock {
    /// The steps of a phase, where those between taking the lock and giving it back keep it
    /// while they wait, whether they change anything themselves or not.
    func kept(by steps: [Step]) -> [Step] {
        let names = steps.map(\.outline.name)
        guard let first = names.firstIndex(of: TakeLock.outline.name),
            let last = names.lastIndex(of: ReleaseLock.outline.name)
        else { return steps }
        return steps.enumerated().map { index, step in
            guard first < index, index < last else { return step }
            var step = step
            step.upkeep = upkeep
            return step
        }
    }

    var upkeep: Upkeep {
        let lock = whileWaiting
        return Upkeep([reading]) { context in
            do throws(Pause) {
                return try lock.upkeep(ClusterView(context))
            } catch {
                // It is looked at again, and whoever acts needs it read.
                return .kept
            }
        }
    }

    /// Only what is ours is renewed. A lease that is gone, or that another run has left behind,
    /// is taken again by the next act: until there is one, whoever removed it is not contradicted.
    private func upkeep(_ view: ClusterView) throws(Pause) -> Upkeep.Standing {
        guard let lease = try view.object(path) else { return .kept }
        return switch standing(of: lease, now: view.context.now) {
        case .toTake(let commands, _) where isHolder(of: lease): .due(commands)
        case .ours, .toTake: .kept
        case .denied(let failure): .lost(Failure(.terminal, failure.reason))
        }
    }
}

import FleetModel

/// Whether a cluster is the one it was, before it is changed and before a step is done.
extension StepRunner {
    /// The context must still lead to the cluster it led to at first contact, before each of
    /// the changes that a long step makes.
    @discardableResult
    func checkIdentity(_ state: inout StepState) async throws(StepEnded) -> String {
        let identity = try await checkIdentity(of: situation.cluster, .cluster)
        if step.edits == .management, let management = situation.management {
            _ = try await checkIdentity(of: management, .management)
        }
        state.identity = identity
        return identity
    }

    /// The same with the patience that readings have: a way that loses a request now and then is
    /// no reason to give a step up. `false` when nobody tells for now.
    func isItself(_ state: inout StepState) async throws(StepEnded) -> Bool {
        do throws(StepEnded) {
            try await checkIdentity(&state)
        } catch {
            let now = surroundings.clock.now()
            guard case .failed(let failure) = error.outcome, failure.kind == .transient,
                state.mayStayUnrecognised(at: now, for: step.outage)
            else { throw error }
            state.words = failure.reason
            return false
        }
        state.unrecognisedSince = nil
        return true
    }

    private func checkIdentity(
        of cluster: Cluster, _ target: Target
    ) async throws(StepEnded) -> String {
        let uid: String
        do throws(ReadingFailed) {
            uid = try await reader.identity(of: target)
        } catch {
            throw .failed(
                .transient, "can't tell whether this is \(cluster.name): \(error.failure.words)")
        }
        try await recognise(cluster, by: uid)
        return uid
    }

    /// What was seen counts only if the cluster itself was seen: while a context leads
    /// elsewhere, a step that another cluster has done would be done here, too.
    ///
    /// `false` when nobody answers: then all of it is looked at again.
    func answeredItself(
        in context: StepContext, _ state: inout StepState
    ) async throws(StepEnded) -> Bool {
        for target in context.askedTargets {
            let home = target == .cluster ? situation.cluster : situation.management
            guard let home else { continue }
            let uid: String
            do throws(ReadingFailed) {
                uid = try await reader.identityAsRead(of: target)
            } catch {
                let now = surroundings.clock.now()
                _ = try state.observation(of: error.failure, at: now, outage: step.outage)
                return false
            }
            state.unansweredSince = nil
            try await recognise(home, by: uid)
        }
        return true
    }

    private func recognise(_ cluster: Cluster, by uid: String) async throws(StepEnded) {
        let context = "context \(cluster.context.rawValue.quoted)"
        switch await surroundings.testimony.pin(cluster.name, uid) {
        case .known(uid): return
        case .known(let pinned):
            throw .failed(
                .identityMismatch,
                "\(context) leads to another cluster than before: "
                    + "kube-system UID \(uid) instead of \(pinned)")
        case .taken(let other):
            throw .failed(
                .identityMismatch,
                "\(context) leads to the same cluster as \(other): kube-system UID \(uid)")
        }
    }
}

extension StepContext {
    /// The clusters that were asked. What else was run may have been asked of anybody.
    fileprivate var askedTargets: [Target] {
        let asked = Set(
            readings.keys.compactMap { reading in
                switch reading {
                case .path(_, let target), .command(_, let target): target
                case .output, .report, .trial: nil
                }
            })
        return [.cluster, .management].filter(asked.contains)
    }
}

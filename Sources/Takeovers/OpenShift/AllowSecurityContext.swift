import FleetModel

/// Lets the pods of the new mesh run as the users that their images name (G02).
struct AllowSecurityContext: StepRecipe {
    static let outline = StepOutline(
        "allow-security-context", title: "let the new mesh's pods run as their images' users")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let missing = try missing(view)
        guard missing.isEmpty else {
            return .notDone("pods may not use anyuid in \(missing.summary)")
        }
        return .done("pods may use anyuid in \(try namespaces(view).summary)")
    }

    private func missing(_ view: ClusterView) throws(Pause) -> [String] {
        let context = try SecurityContext(view)
        return try namespaces(view).filter { !context.isAllowed(in: $0) }
    }

    /// The new mesh's, and the test's for as long as there is something to be tested.
    private func namespaces(_ view: ClusterView) throws(Pause) -> [String] {
        let planes = ControlPlane.all(in: try view.list(APIPath.deployments))
        let tests = planes.contains { $0.revision == move.old } ? move.testSpaces : []
        return move.meshSpaces + tests
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [SecurityContext.adding(try missing(view), move)]
    }

    var preview: StepPreview {
        let all = move.meshSpaces + move.testSpaces
        return StepPreview(
            reads: .paths(SecurityContext.paths + [APIPath.deployments]),
            acts: [SecurityContext.adding(all, move)],
            proof: "a ClusterRoleBinding lets the service accounts of \(all.summary) use the "
                + "SecurityContextConstraints \(SecurityContext.constraint)",
            compensation: [SecurityContext.removing(all, move)])
    }
}

/// Takes back what the test workload was allowed: a namespace of that name may be anybody's next.
struct WithdrawSecurityContext: StepRecipe {
    static let outline = StepOutline(
        "withdraw-security-context", title: "take back what the test workload was allowed")
    let move: Move

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(2), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let left = try left(view)
        guard left.isEmpty else { return .notDone("pods may use anyuid in \(left.summary)") }
        return .done("pods may not use anyuid in \(move.testSpaces.summary)")
    }

    private func left(_ view: ClusterView) throws(Pause) -> [String] {
        let context = try SecurityContext(view)
        return move.testSpaces.filter(context.names)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        [SecurityContext.removing(try left(view), move)]
    }

    var preview: StepPreview {
        StepPreview(
            reads: .paths(SecurityContext.paths),
            acts: [SecurityContext.removing(move.testSpaces, move)],
            proof: "no ClusterRoleBinding lets the service accounts of \(move.testSpaces.summary) "
                + "use the SecurityContextConstraints \(SecurityContext.constraint)",
            compensation: [SecurityContext.adding(move.testSpaces, move)])
    }
}

extension Move {
    /// Where the new control plane, its operator and its gateways run, each once and in order.
    fileprivate var meshSpaces: [String] { Set(home + gateways.map(\.namespace)).sorted() }

    fileprivate var testSpaces: [String] {
        [newSide.namespace] + (settings.testsTraffic ? [oldSide.namespace] : [])
    }
}

import FleetModel

/// One gateway that is moved by a second release beside its own.
///
/// ```
///   own       N pods of the old one ────────────▶ none ──▶ upgraded, N pods of the new one
///   stand-in          ──▶ N pods of the new one ────────────────────────────────▶ removed
/// ```
///
/// The Service is of the gateway's own release, which is never removed: at every moment it leads
/// to as many pods as there were, and its address stays.
struct GatewayCanary: Sendable {
    let move: Move
    let gateway: NewGateway
    /// Brings the gateway's own release to the new revision.
    let own: ReleaseUpgrade
    let standIn: ChartRelease

    var readings: [Reading] {
        own.release.readings + standIn.readings + .paths(Workloads.paths + [servicePath] + slices)
    }
    private var servicePath: String { Move.servicePath(gateway.service, in: gateway.namespace) }
    private var slices: [String] { [APIPath.endpointSlices[0]] }

    /// How far it is.
    struct State: Sendable {
        let own: ReleaseRecord
        let standIn: ReleaseRecord?
        let service: JSON
        let deployment: JSON
        let ownPods: GatewayPods
        let standInPods: GatewayPods
        /// The pods that the Service leads to, by their names.
        let endpoints: [String]

        var isDrained: Bool { ownPods.wanted == 0 }

        /// How many pods it had before it was drained; `nil` when it is not.
        var noted: Int? {
            ReplicaNote.count(on: deployment)
                ?? (isDrained ? max(standIn?.values["replicaCount"]?.int ?? 1, 1) : nil)
        }

        /// How many pods the stand-in has to have. An autoscaler may have given the old one more
        /// meanwhile; fewer it never gets.
        var needed: Int {
            max(noted ?? 0, ownPods.wanted, standIn?.values["replicaCount"]?.int ?? 0, 1)
        }
    }

    func state(_ view: ClusterView) throws(Pause) -> State {
        try view.require(readings)
        guard let record = try own.release.record(view) else {
            throw .terminal("there is no \(own.release.label)")
        }
        let workloads = try Workloads(view)
        let ownPods = GatewayPods(of: gateway.deployment, in: gateway.namespace, workloads)
        guard let deployment = ownPods.deployment else {
            throw .terminal("\(own.release.label) has no \(ownPods.label)")
        }
        guard let service = try view.object(servicePath) else {
            throw .terminal("\(gateway.entrance) is not there")
        }
        let endpoints = try view.endpoints()
        return State(
            own: record, standIn: try standIn.record(view), service: service,
            deployment: deployment, ownPods: ownPods,
            standInPods: GatewayPods(of: standIn.name, in: standIn.namespace, workloads),
            endpoints: endpoints.pods(gateway.service, in: gateway.namespace))
    }

    /// What makes the stand-in what it has to be; `nil` when it is.
    func pendingAddition(
        _ state: State, _ view: ClusterView
    ) throws(Pause) -> [Command]? {
        let addition = addition(state)
        guard try addition.lack(view) != nil else { return nil }
        return try addition.commands(view, by: move.kubectl)
    }

    /// Whether its own release names the new revision.
    func isFolded(_ state: State) -> Bool {
        state.own.values["revision"]?.string == move.revision.rawValue
    }

    /// Brings the stand-in to what the gateway's own release is now, but for its revision.
    func addition(_ state: State) -> ReleaseUpgrade {
        addition(
            StandInValues(
                given: state.own.values, service: state.service, deployment: state.deployment,
                replicas: state.needed
            ).values)
    }

    private func addition(_ values: JSON) -> ReleaseUpgrade {
        ReleaseUpgrade(
            release: standIn, chart: own.chart, values: values,
            setting: [("revision", move.revision.rawValue)], mayInstall: true,
            mayRecover: own.mayRecover)
    }

    var previewedAddition: Command {
        addition(["values of \(own.release.label)": "<but for its Service>"]).preview
    }

    /// Why the stand-in could not serve alone; `nil` when it could.
    func standInLack(_ state: State, _ view: ClusterView) throws(Pause) -> String? {
        if let lack = state.standInPods.lack(
            of: state.needed, behind: state.endpoints, move)
        {
            return lack
        }
        return try GatewayHealth(move).serviceLack(of: gateway, view)
    }

    /// Why the gateway's own pods could not, however many an autoscaler lets it have.
    private func ownLack(
        _ state: State, _ target: Move, _ view: ClusterView
    ) throws(Pause) -> String? {
        if let lack = state.ownPods.lack(of: 1, behind: state.endpoints, target) {
            return lack
        }
        return try GatewayHealth(target).serviceLack(of: gateway, view)
    }

    /// What is left to do until its own pods serve alone, as many as there were, and nobody
    /// stands in for them; `nil` when nothing is. They have to hold first.
    func restOfRefill(
        _ state: State, _ target: Move, hold: Duration, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        if let noted = state.noted {
            return .notDone("\(state.ownPods.label) had \(noted) pods before")
        }
        if let lack = try ownLack(state, target, view) { return .partial(lack) }
        guard state.standIn != nil else {
            let ending = state.standInPods.alive.count
            return ending == 0 ? nil : .partial("\(state.standInPods.label): \(ending) are ending")
        }
        let item = "\(state.ownPods.label) serves again"
        guard view.context.settled.contains(item) else {
            return .settling(item: item, for: hold, fingerprint: state.ownPods.fingerprint)
        }
        _ = try removal(state)
        return .notDone("\(standIn.label) is not needed any more")
    }

    /// The next command of it.
    func refill(_ state: State) throws(Pause) -> Command {
        guard let noted = state.noted else { return try removal(state) }
        return ReplicaNote.refilling(state.deployment, to: noted, by: move.kubectl)
    }

    /// The commands as a plan shows them.
    var previewedRefill: [Command] {
        [ReplicaNote.refilling(gateway, by: move.kubectl), standIn.removal]
    }

    /// Removes the stand-in, which must not be what clients come in by.
    private func removal(_ state: State) throws(Pause) -> Command {
        let services = ReleaseManifest(state.standIn?.manifest ?? "").objects.filter {
            $0.kind == "Service"
        }
        guard services.isEmpty else {
            throw .terminal(
                "\(standIn.label) would take \(services.map(\.description).summary) along")
        }
        return standIn.removal
    }
}

extension [GatewayCanary] {
    /// Those whose own releases are still of the old revision, and how far they are.
    func unfolded(
        _ view: ClusterView
    ) throws(Pause) -> [(gateway: GatewayCanary, state: GatewayCanary.State)] {
        var unfolded: [(GatewayCanary, GatewayCanary.State)] = []
        for gateway in self {
            let state = try gateway.state(view)
            if !gateway.isFolded(state) { unfolded.append((gateway, state)) }
        }
        return unfolded
    }
}

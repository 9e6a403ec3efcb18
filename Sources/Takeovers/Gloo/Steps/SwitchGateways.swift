import FleetModel

/// Leads clients from the old gateways to the new ones.
///
/// A Service that both sides share is switched in two goes, so that no request
/// is dropped: first it leads to old and new pods, then to the new ones alone.
struct SwitchGateways: StepRecipe {
    static let outline = StepOutline(
        "switch-gateways", title: "lead clients to the new gateways",
        interrupt: .finishOrRollBack)
    let gloo: GlooSituation

    var outline: StepOutline { Self.outline }
    let patience = Patience(timeout: .minutes(10), poll: .seconds(5))
    var lock: WriterLock? { gloo.lock }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let fronts = try GatewaySwitch(view, for: gloo.move).fronts
        let shared = fronts.filter(\.hasNewPods)
        for front in shared {
            guard let unfinished = try observation(of: front, view) else { continue }
            return try held(unfinished, view) ?? unfinished
        }
        return try end(shared: shared, elsewhere: fronts.filter(\.isElsewhere))
    }

    /// Nobody is led to gateways that have fallen ill since they were installed.
    private func held(
        _ observation: Observation, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        guard case .notDone = observation, !gloo.isBack,
            let lack = try GatewayHealth(gloo.move).lack(of: gloo.gateways, view)
        else { return nil }
        return .partial("not before the new gateways are well: \(lack)")
    }

    /// What is left to do for one Service; `nil` when it is switched.
    private func observation(
        of front: GatewaySwitch.Front, _ view: ClusterView
    ) throws(Pause) -> Observation? {
        let name = front.service.qualifiedName
        guard !front.newPods.isEmpty else {
            return .partial("Service \(name): no \(ours) gateway pod is ready")
        }
        guard front.canBePinned else {
            throw .terminal(
                "Service \(name) can't lead to the \(ours) gateway alone: its pods carry no label "
                    + "\(front.key)=\(gloo.revision)")
        }
        let endpoints = try view.endpoints()
        let pods = endpoints.pods(front.service.name, in: front.service.namespace)
        switch front.pin {
        case gloo.revision.rawValue:
            let foreign = pods.filter { !front.newPods.contains($0) }
            guard pods.isEmpty || !foreign.isEmpty else { return nil }
            return .partial("Service \(name) does not lead to the \(ours) pods alone yet")
        case .some(let other): return .notDone("Service \(name) leads to revision \(other) only")
        case nil:
            guard pods.contains(where: front.newPods.contains) else {
                return .partial("Service \(name) does not lead to the \(ours) pods yet")
            }
            return .notDone("Service \(name) leads to the \(others) pods too")
        }
    }

    /// What the gateways are called that clients are led to.
    private var ours: String { gloo.isBack ? "old" : "new" }
    private var others: String { gloo.isBack ? "new" : "old" }

    private func end(
        shared: [GatewaySwitch.Front], elsewhere: [GatewaySwitch.Front]
    ) throws(Pause) -> Observation {
        let words = "\(shared.count) Services lead to the \(ours) gateways"
        guard !elsewhere.isEmpty else { return .done(words) }
        let names = elsewhere.map(\.service).map { service in
            "\(service.qualifiedName) (\(service.loadBalancerAddress ?? "no address"))"
        }
        let settings = gloo.settings
        guard settings.leavesGatewaysAlone || settings.leadsByDNS || gloo.isBack else {
            throw .terminal(
                "the new gateways are in another namespace than Service \(names.summary); "
                    + #"set the parameter "gateways" to "dns", or to "none" if somebody else "#
                    + "leads clients over")
        }
        let direction = gloo.isBack ? "back" : "over"
        let means = settings.leadsByDNS ? "DNS" : "others"
        return .done("\(words); clients of \(names.summary) are led \(direction) by \(means)")
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        let fronts = try GatewaySwitch(view, for: gloo.move).fronts.filter(\.hasNewPods)
        let next = fronts.first { $0.pin != gloo.revision.rawValue }
        return next.map { [command(for: $0)] } ?? []
    }

    private func command(for front: GatewaySwitch.Front) -> Command {
        if let pin = front.pin {
            return unpinning(
                front.service.name, in: front.service.namespace, key: front.key, from: pin)
        }
        return pinning(
            front.service.name, in: front.service.namespace, key: front.key,
            resourceVersion: front.service.resourceVersion)
    }

    private func unpinning(
        _ name: String, in namespace: String, key: String, from pin: String
    ) -> Command {
        let path = "/spec/selector/\(key.pointerEscaped)"
        let patch = JSONPatch().testing(path, is: .string(pin)).removing(path)
        return gloo.kubectl.patch(
            "service", name, in: namespace, with: patch, purpose: "lead \(name) to old and new")
    }

    private func pinning(
        _ name: String, in namespace: String, key: String, resourceVersion: String
    ) -> Command {
        let patch = JSONPatch.against(resourceVersion: resourceVersion).setting(
            "/spec/selector/\(key.pointerEscaped)", to: .string(gloo.revision.rawValue))
        return gloo.kubectl.patch(
            "service", name, in: namespace, with: patch,
            purpose: "lead \(name) to the \(ours) alone")
    }

    /// A Service that old and new gateways share is switched whoever leads the other clients,
    /// and there can be one only where a new gateway is.
    var preview: StepPreview {
        let isAlone = gloo.settings.leavesGatewaysAlone
        let homes = isAlone ? Set(gloo.gateways.map(\.namespace)).sorted() : ["<namespace>"]
        let direction = gloo.isBack ? "back" : "over"
        return StepPreview(
            reads: [Reading].paths(GatewaySwitch.paths), acts: homes.flatMap(changes),
            proof: "every Service in front of \(others) gateways has ready endpoints, of "
                + "\(gloo.revision) alone"
                + (isAlone
                    ? ", if \(ours) ones share it; other clients are led \(direction) by others"
                    : ""),
            compensation: gloo.isBack ? [] : SwitchGateways(gloo: gloo.back).preview.acts)
    }

    private func changes(in namespace: String) -> [Command] {
        [
            unpinning("<service>", in: namespace, key: "revision", from: gloo.old.rawValue),
            pinning(
                "<service>", in: namespace, key: "revision", resourceVersion: "<resourceVersion>"),
        ]
    }
}

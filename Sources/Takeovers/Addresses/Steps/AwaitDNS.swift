import FleetModel

/// Waits until clients find the new addresses (B10, G13).
///
/// ```
///   an operator, or a command of theirs, says so ─▶ the resolvers agree ─▶ twice the old TTL
/// ```
///
/// It comes after the restarts: they don't need it, and old proxies shouldn't wait for it.
struct AwaitDNS: StepRecipe {
    static let outline = StepOutline(
        "await-dns", title: "wait until clients find the new addresses")
    let source: any AddressSource
    /// Gateways that have to serve while clients are led to them.
    var gateways: [NewGateway] = []

    var outline: StepOutline { Self.outline }
    var patience: Patience { Patience(timeout: timeout, poll: .seconds(15)) }

    private var settings: AddressSettings { source.settings }

    /// Clients ask again only when what they were told has run out, and some a little later.
    private var grace: Duration { settings.timeToLive * 2 }

    /// As long as the old gateways serve, whoever keeps the records may take half a day.
    private var timeout: Duration {
        source.keepsOldGateways ? .minutes(12 * 60) + grace : grace + .minutes(10)
    }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let changes = try AddressChanges(source, view)
        guard !changes.all.isEmpty else { return .done(PublishAddresses.nothing) }
        if let lack = try GatewayHealth(source.move).lack(of: gateways, view) {
            return .partial("the new gateways are not well: \(lack)")
        }
        let count = changes.all.count
        if settings.leavesDNSAlone { return .done("somebody else changes \(count) records") }
        guard try changes.isAcknowledged(view) else {
            let words = AddressChanges.acknowledgement(source)
            return .partial("once \(count) records are changed, run `\(words)`")
        }
        let check = check(changes.all)
        if let complaint = try check.complaint(view) { return .partial(complaint) }
        if let hold = hold(changes, view) { return hold }
        return .done("\(count) records were changed\(evidence(check))")
    }

    private func check(_ changes: [AddressChange]) -> ResolverCheck {
        ResolverCheck(
            changes: changes, resolvers: settings.resolvers,
            cluster: source.move.situation.cluster)
    }

    /// What clients still keep leads to the old gateways, which serve until then.
    private func hold(_ changes: AddressChanges, _ view: ClusterView) -> Observation? {
        let item = "clients may keep the old addresses"
        guard source.keepsOldGateways, !view.context.settled.contains(item) else { return nil }
        return .settling(
            item: item, for: grace, fingerprint: changes.records.joined(separator: "\n"))
    }

    private func evidence(_ check: ResolverCheck) -> String {
        guard !settings.resolvers.isEmpty else { return "" }
        return "; \(settings.resolvers.summary) agree on \(check.asked.count) of them"
    }

    var preview: StepPreview {
        let proof =
            settings.leavesDNSAlone
            ? "somebody else leads clients over"
            : "an operator has run `\(AddressChanges.acknowledgement(source))`"
                + (settings.resolvers.isEmpty
                    ? "" : ", and \(settings.resolvers.summary) lead to the new addresses")
                + (source.keepsOldGateways ? ", for \(grace.short) on end" : "")
        let question = settings.resolvers.first.map {
            ResolverQuestion(name: "<host>", type: "A", resolver: $0)
                .reading(from: source.move.situation.cluster)
        }
        let asks = settings.leavesDNSAlone ? [] : [question].compactMap { $0 }
        return StepPreview(reads: AddressChanges.readings(source) + asks, proof: proof)
    }
}

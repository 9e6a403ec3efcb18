import FleetModel

/// How far the values have come that a hook has committed.
///
/// ```
///   hook run ─▶ repository fetched ─▶ Kustomization applied ─▶ parent asked
///                        └─ what Flux got does not say it: void
/// ```
///
/// The repository's token says which revision was there before, so that whoever looks sees
/// whether the hook brought anything.
struct HookProgress: Sendable {
    let delivery: ValuesDelivery
    let packages: BigBangPackages
    let source: EnvironmentSource

    enum State: Hashable, Sendable {
        case toRun
        case waiting(String)
        /// It ran, and what Flux reads does not say what it should.
        case void(String)
        /// Flux has the values, and the parent is to be asked.
        case toRead
        case made
    }

    private var purpose: String { delivery.request.token + "-from-" }

    /// Asks for what was pushed, and notes what was there before.
    var fetch: FluxRequest {
        let revision = source.repository.flatMap { FluxObject(.gitRepository, $0).revision }
        return FluxRequest(token: purpose + (revision ?? "nothing"))
    }

    func state(_ view: ClusterView) throws(Pause) -> State {
        guard let repository = source.repository,
            let asked = repository.annotations[FluxRequest.annotation], asked.hasPrefix(purpose)
        else { return .toRun }
        let fetched = FluxObject(.gitRepository, repository)
        let state = fetched.state(since: asked)
        guard state == .ready else { return .waiting("\(fetched.label) is \(state)") }
        if let words = unapplied(fetched.revision) { return .waiting(words) }
        if let words = try void(fetched, before: String(asked.dropFirst(purpose.count)), view) {
            return .void(words)
        }
        return delivery.isRead(packages.parent) ? .made : .toRead
    }

    /// What the Kustomization still has to do; `nil` when it has applied a revision.
    private func unapplied(_ revision: String?) -> String? {
        guard let kustomization = source.kustomization else { return nil }
        let object = FluxObject(.kustomization, kustomization)
        guard object.state == .ready else { return "\(source.label) is \(object.state)" }
        guard object.revision == revision else {
            return "\(source.label) has not applied \(revision ?? "anything") yet"
        }
        return nil
    }

    private func void(
        _ fetched: FluxObject, before: String, _ view: ClusterView
    ) throws(Pause) -> String? {
        let wanted = delivery.stage.values(packages.variant)
        let values = try EffectiveValues(of: packages.parent, view)
        guard !values.fulfil(wanted) else { return nil }
        let revision = fetched.revision ?? "nothing"
        guard revision != before else {
            return "the hook ran, and \(fetched.label) still has \(revision): it pushed nothing to "
                + "the branch that Flux reads"
        }
        return values.contradiction(to: wanted).map {
            "the hook ran, and \(fetched.label) has \(revision), whose values say \($0)"
        }
    }
}

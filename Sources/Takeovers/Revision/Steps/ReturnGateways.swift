import FleetModel

/// Takes the gateways' releases back to what they were before they named the new revision, and
/// fills those that were drained; releases that stood in for them go.
struct ReturnGateways: StepRecipe {
    let revision: RevisionSituation

    let outline = Returning.gateways
    let patience = Patience(timeout: .minutes(30), poll: .seconds(3))
    var lock: WriterLock? { move.lock }

    private var move: Move { revision.move }

    func observe(_ view: ClusterView) throws(Pause) -> Observation {
        let releases = move.gateways.map(revision.release(of:))
        try view.require(releases.flatMap(\.readings))
        for gateway in move.gateways {
            if let rest = try rest(of: gateway, view) { return rest }
        }
        return .done("\(releases.map(\.label).summary) are as before \(move.revision)")
    }

    /// What is left to do for one gateway; `nil` when nothing is.
    private func rest(of gateway: NewGateway, _ view: ClusterView) throws(Pause) -> Observation? {
        if let lack = try comeback(of: gateway).lack(view) { return .notDone(lack) }
        guard let canary = revision.canary(of: gateway) else {
            return try GatewayHealth(move.back).lack(of: [gateway], view).map(Observation.partial)
        }
        return try canary.restOfRefill(
            try canary.state(view), move.back, hold: move.settings.settle, view)
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for gateway in move.gateways {
            guard case .notDone = try rest(of: gateway, view) else { continue }
            let comeback = comeback(of: gateway)
            guard try comeback.lack(view) != nil else {
                guard let canary = revision.canary(of: gateway) else { return [] }
                return [try canary.refill(try canary.state(view))]
            }
            return try comeback.commands(view, by: move.kubectl)
        }
        return []
    }

    private func comeback(of gateway: NewGateway) -> ReleaseReturn {
        revision.comeback(of: revision.release(of: gateway))
    }

    var preview: StepPreview {
        let releases = move.gateways.map(revision.release(of:))
        return StepPreview(
            reads: releases.flatMap { $0.readings + [$0.history] }
                + revision.canaries.flatMap(\.readings),
            acts: releases.map { $0.rollback(to: "<record>") }
                + revision.canaries.flatMap(\.previewedRefill),
            proof: "no gateway's release names \(move.revision), and their pods run "
                + "\(move.old), are ready and can be reached under the address of before"
                + (revision.canaries.isEmpty ? "" : "; no second release is left"))
    }
}

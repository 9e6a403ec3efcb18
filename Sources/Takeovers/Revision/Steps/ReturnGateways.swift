import FleetModel

/// Takes the gateways' releases back to what they were before they named the new revision, and
/// fills those that were drained; releases that stood in for them go.
///
/// `helm rollback` without a number goes to the record before the last, which is not the old
/// one where an upgrade took two goes, and is the new one when it is run twice. So the record
/// is looked for, and named.
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
        if let lack = try lack(of: revision.release(of: gateway), view) { return .notDone(lack) }
        guard let canary = revision.canary(of: gateway) else {
            return try GatewayHealth(move.back).lack(of: [gateway], view).map(Observation.partial)
        }
        return try canary.restOfRefill(
            try canary.state(view), move.back, hold: move.settings.settle, view)
    }

    /// What is left to do for one release; `nil` when it does not name the new revision.
    private func lack(of release: ChartRelease, _ view: ClusterView) throws(Pause) -> String? {
        guard let record = try release.record(view) else {
            throw .terminal("there is no \(release.label)")
        }
        switch record.state {
        case .pending(let word):
            try pending(release, record, word).requireAbandoned(at: view.context.now)
            return "\(release.label) is \(word) since a helm of before died"
        case .other(let word): throw .unclear("\(release.label) is \(word)")
        case .deployed where !isNew(record.values): return nil
        case .deployed, .failed:
            let number = try before(release, view)
            return "\(release.label) has to go back to its record \(number)"
        }
    }

    func act(_ view: ClusterView) throws(Pause) -> [Command] {
        for gateway in move.gateways {
            guard case .notDone = try rest(of: gateway, view) else { continue }
            let release = revision.release(of: gateway)
            guard try lack(of: release, view) != nil else {
                guard let canary = revision.canary(of: gateway) else { return [] }
                return [try canary.refill(try canary.state(view))]
            }
            return try restoration(of: release, view)
        }
        return []
    }

    private func restoration(
        of release: ChartRelease, _ view: ClusterView
    ) throws(Pause) -> [Command] {
        guard let record = try release.record(view) else { return [] }
        if case .pending(let word) = record.state {
            return [pending(release, record, word).recovery(move.kubectl)]
        }
        return [release.rollback(to: "\(try before(release, view))")]
    }

    /// The latest record that was deployed and did not name the new revision.
    private func before(_ release: ChartRelease, _ view: ClusterView) throws(Pause) -> Int {
        guard case .found(let history) = try view.result(of: release.history),
            let entries = history.array
        else { throw .unclear("helm does not tell the history of \(release.label)") }
        let numbers = entries.filter { Self.held.contains($0["status"]?.string ?? "") }
            .compactMap { $0["revision"]?.int }.sorted(by: >)
        for number in numbers {
            guard case .found(let values) = try view.result(of: release.values(at: number))
            else { continue }
            if !isNew(values) { return number }
        }
        throw .terminal(
            "no record of \(release.label) is from before \(move.revision); lead it back by hand, "
                + "see `helm history \(release.name) -n \(release.namespace)`")
    }

    /// Records that the cluster has run.
    private static let held: Set<String> = ["deployed", "superseded"]

    private func isNew(_ values: JSON) -> Bool {
        values["revision"]?.string == move.revision.rawValue
    }

    private func pending(
        _ release: ChartRelease, _ record: ReleaseRecord, _ word: String
    ) -> PendingRelease {
        PendingRelease(
            release: release, record: record, word: word,
            mayRecover: revision.settings.mayRecover)
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

import FleetModel

/// Takes the gateways' releases back to what they were before they named the new revision.
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
        for (gateway, release) in zip(move.gateways, releases) {
            if let lack = try lack(of: release, view) { return .notDone(lack) }
            if let lack = try GatewayHealth(move.back).lack(of: [gateway], view) {
                return .partial(lack)
            }
        }
        return .done("\(releases.map(\.label).summary) are as before \(move.revision)")
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
        for release in move.gateways.map(revision.release(of:))
        where try lack(of: release, view) != nil {
            guard let record = try release.record(view) else { return [] }
            if case .pending(let word) = record.state {
                return [pending(release, record, word).recovery(move.kubectl)]
            }
            return [release.rollback(to: "\(try before(release, view))")]
        }
        return []
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
            reads: releases.flatMap { $0.readings + [$0.history] },
            acts: releases.map { $0.rollback(to: "<record>") },
            proof: "no gateway's release names \(move.revision), and their pods run "
                + "\(move.old), are ready and can be reached under the address of before")
    }
}

import FleetModel

/// Takes a release back to what it was before it named the new revision.
///
/// `helm rollback` without a number goes to the record before the last, which is not the old
/// one where an upgrade took two goes, and is the new one when it is run twice. So the record
/// is looked for, and named.
struct ReleaseReturn: Sendable {
    let release: ChartRelease
    let revision: Revision
    let mayRecover: Bool

    /// What is left to do; `nil` when the release does not name the new revision.
    func lack(_ view: ClusterView) throws(Pause) -> String? {
        guard let record = try release.record(view) else {
            throw .terminal("there is no \(release.label)")
        }
        switch record.state {
        case .pending(let word):
            try pending(record, word).requireAbandoned(at: view.context.now)
            return "\(release.label) is \(word) since a helm of before died"
        case .other(let word): throw .unclear("\(release.label) is \(word)")
        case .deployed where !isNew(record.values): return nil
        case .deployed, .failed:
            let number = try before(view)
            return "\(release.label) has to go back to its record \(number)"
        }
    }

    func commands(_ view: ClusterView, by kubectl: Kubectl) throws(Pause) -> [Command] {
        guard let record = try release.record(view) else { return [] }
        if case .pending(let word) = record.state {
            return [pending(record, word).recovery(kubectl)]
        }
        return [release.rollback(to: "\(try before(view))")]
    }

    /// The latest record that was deployed and did not name the new revision.
    private func before(_ view: ClusterView) throws(Pause) -> Int {
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
            "no record of \(release.label) is from before \(revision); lead it back by hand, "
                + "see `helm history \(release.name) -n \(release.namespace)`")
    }

    /// Records that the cluster has run.
    private static let held: Set<String> = ["deployed", "superseded"]

    private func isNew(_ values: JSON) -> Bool {
        values["revision"]?.string == revision.rawValue
    }

    private func pending(_ record: ReleaseRecord, _ word: String) -> PendingRelease {
        PendingRelease(release: release, record: record, word: word, mayRecover: mayRecover)
    }
}

import FleetModel

/// Brings a release to a chart and to values, whatever became of those who tried before.
struct ReleaseUpgrade: Sendable {
    let release: ChartRelease
    let chart: ChartReference
    /// Values of what may be installed, in the place of all there were. Of what has to be there
    /// the values are kept, but for ``setting``.
    var values: JSON?
    var setting: [(String, String)] = []
    var mayInstall = false
    let mayRecover: Bool

    /// What is left to do; `nil` when helm says that the release is as it should be.
    func lack(_ view: ClusterView) throws(Pause) -> String? {
        guard let record = try release.record(view) else {
            guard mayInstall else { throw .terminal("there is no \(release.label)") }
            return "there is no \(release.label) yet"
        }
        switch record.state {
        case .deployed: return difference(record)
        case .failed: return "\(release.label) failed and is tried again"
        case .pending(let word):
            try pending(record, word).requireAbandoned(at: view.context.now)
            return "\(release.label) is \(word) since a helm of before died"
        case .other(let word): throw .unclear("\(release.label) is \(word)")
        }
    }

    private func difference(_ record: ReleaseRecord) -> String? {
        guard record.isChart(of: chart.version) else {
            return "\(release.label) is of chart \(record.chart)"
        }
        guard record.values != wanted(of: record) else { return nil }
        return "\(release.label) was made with other values"
    }

    /// The values the release has once the upgrade is through.
    private func wanted(of record: ReleaseRecord) -> JSON {
        var wanted = mayInstall ? values ?? [:] : record.values
        for (path, value) in setting {
            wanted[path: path.split(separator: ".").map(String.init)] = .string(value)
        }
        return wanted
    }

    func commands(_ view: ClusterView, by kubectl: Kubectl) throws(Pause) -> [Command] {
        let record = try release.record(view)
        if let record, case .pending(let word) = record.state {
            return [pending(record, word).recovery(kubectl)]
        }
        return [command(with: mayInstall ? values : record?.values)]
    }

    private func command(with values: JSON?) -> Command {
        release.upgrade(
            to: chart, values: values?.description, setting: setting, mayInstall: mayInstall,
            purpose: "bring \(release.label) to chart version \(chart.version)")
    }

    var preview: Command {
        command(with: mayInstall ? values : .string("<values of \(release.label)>"))
    }

    private func pending(_ record: ReleaseRecord, _ word: String) -> PendingRelease {
        PendingRelease(release: release, record: record, word: word, mayRecover: mayRecover)
    }
}

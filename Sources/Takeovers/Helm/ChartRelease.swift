import FleetModel

/// A release of a Helm chart in a cluster: whether it is there, and what it is made from.
struct ChartRelease: Hashable, Sendable {
    let name: String
    let namespace: String
    let helm: Helm
    /// Whether helm itself waits for what it made to be well. It gives up after minutes, which
    /// is nothing for what goes node by node.
    var waits = true

    var label: String { "release \(namespace)/\(name)" }

    /// Its state and the version of its chart, which `helm status` does not tell.
    var listing: Reading {
        helm.ask(
            [
                "list", "-n", namespace, "--all", "--filter", "^\(name)$", "--time-format",
                "2006-01-02T15:04:05Z07:00",
            ], purpose: "see how \(label) stands")
    }

    /// Its values and its manifest.
    var details: Reading {
        helm.ask(["status", name, "-n", namespace], purpose: "see what \(label) is made from")
    }

    var readings: [Reading] { [listing, details] }

    /// Its records, as far back as helm keeps them.
    var history: Reading {
        helm.ask(["history", name, "-n", namespace], purpose: "see what \(label) was before")
    }

    /// What one of its records was given besides the chart's own values.
    func values(at record: Int) -> Reading {
        helm.ask(
            ["get", "values", name, "-n", namespace, "--revision", "\(record)"],
            purpose: "see what record \(record) of \(label) was made from")
    }

    /// To one of its records; to what was deployed before where none is named.
    func rollback(to record: String? = nil) -> Command {
        change(
            ["rollback", name] + (record.map { [$0] } ?? []) + ["-n", namespace],
            purpose: "take \(label) back to \(record.map { "record \($0)" } ?? "what was deployed")"
        )
    }

    /// The release as it is; `nil` when there is none.
    func record(_ view: ClusterView) throws(Pause) -> ReleaseRecord? {
        try view.require(readings)
        guard case .found(let list) = try view.result(of: listing), let entries = list.array else {
            throw .unclear("helm does not say how \(label) stands")
        }
        guard let entry = entries.first(where: { $0["name"]?.string == name }) else { return nil }
        switch try view.result(of: details) {
        case .found(let status): return ReleaseRecord(entry: entry, details: status)
        case .absent: throw .unclear("\(label) was listed and is gone")
        case .refused(let words): throw .terminal("may not read \(label): \(words)")
        }
    }

    /// Takes the release to a chart, with values in the place of all it was made with.
    ///
    /// Never with `--reuse-values`: helm would render the new chart with the old one's own
    /// values, and so with the old images (helm, `Upgrade.reuseValues`).
    func upgrade(
        to chart: ChartReference, values: String?, setting: [(String, String)] = [],
        mayInstall: Bool, purpose: String
    ) -> Command {
        let verb = mayInstall ? ["upgrade", "--install"] : ["upgrade"]
        let settings = setting.flatMap { ["--set-string", "\($0.0)=\($0.1)"] }
        return change(
            verb + [name, chart.location, "-n", namespace, "--version", chart.version] + settings
                + (values == nil ? [] : ["-f", "-"]), stdin: values, purpose: purpose)
    }

    var removal: Command {
        change(["uninstall", name, "-n", namespace], purpose: "remove \(label)")
    }

    private func change(
        _ arguments: [String], stdin: String? = nil, purpose: String
    ) -> Command {
        helm.change(arguments, stdin: stdin, waits: waits, purpose: purpose)
    }
}

/// Where a chart comes from, and its version.
struct ChartReference: Hashable, Sendable {
    /// A path, `oci://…`, or `repository/name`.
    let location: String
    let version: String
}

import FleetModel

/// Everything wrong with a takeover of this runbook, all at once.
struct RevisionProblems {
    let takeover: Takeover

    init(_ takeover: Takeover) { self.takeover = takeover }

    var all: [TakeoverProblem] {
        MoveProblems(takeover).revisions
            + RevisionParameter.table.problems(in: takeover)
            + MoveProblems(takeover).roles(RevisionRunbook.form) + ways
    }

    private var ways: [TakeoverProblem] {
        switch settings.installer {
        case .helm: charts + options + gateways + agents + values + unused(profile: true)
        case .istioctl:
            helmOnly + ProfileProblems(takeover).all + unused(profile: false)
        }
    }

    private var settings: RevisionSettings { RevisionSettings(takeover) }

    /// What istioctl would not heed.
    private var helmOnly: [TakeoverProblem] {
        RevisionParameter.ofHelm.map(\.rawValue).filter { takeover.parameters[$0] != nil }.map {
            TakeoverProblem(
                .parameter($0), "the parameter \($0.quoted) is for `install: helm` alone")
        }
    }

    private func unused(profile: Bool) -> [TakeoverProblem] {
        let role = profile ? RevisionRunbook.profileRole : RevisionRunbook.valuesRole
        guard takeover.manifests[role] != nil else { return [] }
        let name = settings.installer.rawValue
        return [TakeoverProblem(.manifest(role), "`install: \(name)` takes no such manifest")]
    }

    private var charts: [TakeoverProblem] {
        let name = RevisionParameter.charts.rawValue
        let needed: [RevisionChart] = settings.gateways.isEmpty ? [.istiod] : [.istiod, .gateway]
        return needed.filter { settings.chart($0) == nil }.map {
            TakeoverProblem(
                .parameter(name), "the parameter \(name.quoted) names no chart \($0.rawValue)",
                hint: "write a path, oci://…, or repository/name, such as istio/\($0.rawValue)")
        }
    }

    /// Texts that helm would take for one of its options, and names that no release can have.
    private var options: [TakeoverProblem] {
        let charts = RevisionChart.allCases.compactMap { settings.chart($0) }
        let isOption = charts.contains { $0.location.hasPrefix("-") }
        let isVersion = charts.allSatisfy { !$0.version.hasPrefix("-") }
        return complaint(.charts, isOption, "should begin with no dash")
            + complaint(.chartVersion, !isVersion, "should begin with no dash")
            + complaint(.oldRelease, !settings.oldRelease.isLabel, "should be a DNS label")
    }

    private func complaint(
        _ parameter: RevisionParameter, _ isWrong: Bool, _ words: String
    ) -> [TakeoverProblem] {
        let name = parameter.rawValue
        guard isWrong else { return [] }
        return [TakeoverProblem(.parameter(name), "parameter \(name.quoted) \(words)")]
    }

    private var gateways: [TakeoverProblem] {
        let name = RevisionParameter.gateways.rawValue
        let written = takeover.parameters[name]?.array ?? []
        let wrong = written.compactMap(GatewayRelease.complaint).map {
            TakeoverProblem(
                .parameter(name), $0,
                hint: "write namespace/release, such as istio-ingress/istio-ingress, or "
                    + "{release: istio-ingress/istio-ingress, by: canary}")
        }
        return wrong + repeated(settings.gateways) + tooLong(settings.gateways)
    }

    private func repeated(_ gateways: [GatewayRelease]) -> [TakeoverProblem] {
        let names = gateways.map { "\($0.namespace)/\($0.name)" }
        let twice = Set(names.filter { name in names.count { $0 == name } > 1 })
        return twice.sorted().map {
            TakeoverProblem(
                .parameter(RevisionParameter.gateways.rawValue), "\($0.quoted) is there twice")
        }
    }

    private func tooLong(_ gateways: [GatewayRelease]) -> [TakeoverProblem] {
        gateways.filter { $0.way == .canary }.map { $0.standIn(for: takeover.revision) }
            .filter { $0.count > GatewayRelease.longestName }.map {
                TakeoverProblem(
                    .parameter(RevisionParameter.gateways.rawValue),
                    "the second release would be called \($0.quoted), and helm takes no more than "
                        + "\(GatewayRelease.longestName) characters")
            }
    }

    private var agents: [TakeoverProblem] {
        let written = takeover.parameters[RevisionParameter.agents.rawValue]?.object ?? [:]
        let entries = written.keys.sorted().compactMap { written[$0] }
        return wrong(.agents, entries, "an agent", hint: "kube-system/istio-cni")
    }

    private func wrong(
        _ parameter: RevisionParameter, _ entries: [JSON], _ kind: String, hint: String
    ) -> [TakeoverProblem] {
        let wrong = entries.compactMap(\.string).filter { entry in
            let parts = entry.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count != 2 || !parts.allSatisfy { String($0).isLabel }
        }
        return wrong.map {
            TakeoverProblem(
                .parameter(parameter.rawValue), "\($0.quoted) is no release of \(kind)",
                hint: "write namespace/release, such as \(hint)")
        }
    }

    /// Values that would make the new control plane another than the takeover says.
    private var values: [TakeoverProblem] {
        let role = RevisionRunbook.valuesRole
        guard let text = takeover.manifests[role] else { return [] }
        guard let values = JSON(parsing: text), values.object != nil else {
            return [TakeoverProblem(.content(role, []), "it should be the values of a chart")]
        }
        let ours = ["revision", "revisionTags", "defaultRevision"].filter { values[$0] != nil }
        return ours.map {
            TakeoverProblem(.content(role, [$0]), "it should leave \($0.quoted) to the runbook")
        }
            + mistake(["global", "tag"], values, wanted: takeover.version)
            + mistake(["global", "istioNamespace"], values, wanted: "istio-system")
    }

    private func mistake(_ path: [String], _ values: JSON, wanted: String) -> [TakeoverProblem] {
        guard let value = values[path: path]?.nonEmpty, value != wanted else { return [] }
        return [
            TakeoverProblem(
                .content(RevisionRunbook.valuesRole, path),
                "\(path.joined(separator: ".")) should be \(wanted.quoted), got: \(value.quoted)")
        ]
    }
}

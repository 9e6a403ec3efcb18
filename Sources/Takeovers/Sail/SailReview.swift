import FleetModel

/// What the preflight of a takeover by the sail operator asks of one cluster.
struct SailReview: PreflightReview {
    let sail: SailSituation

    var checks: [PreflightCheck] { Self.checks }
    var move: Move { sail.move }

    static let checks = PreflightQuestions.all(with: [
        PreflightCheck(
            "PS1", "the Istio resource is well, and is the one that the takeover means",
            cure: "see the operator's log, or put `istio`, `revision` and `oldRevision` right"),
        PreflightCheck(
            "PS2", "the operator knows the new version",
            cure: "bring the operator to a version that serves it"),
        PreflightCheck(
            "PS3", "the operator's tags are well, and nobody moves workloads by himself",
            cure: "see `kubectl get istiorevisiontags`; set `updateWorkloads: false`"),
    ])

    var access: AccessReview { AccessReview(SailRunbook.self, of: move) }

    var readings: [Reading] {
        .paths(
            [sail.istioPath, SailResource.tagsPath, Self.definitionPath] + OutsideMachines.paths)
    }

    private static let definitionPath =
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/\(SailResource.istios)"

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding] {
        let checks = PreflightChecks(facts: facts, move: move)
        let istio = try view.object(sail.istioPath).map(SailResource.init)
        let isOurs = istio?.version == sail.settings.version
        let cluster =
            try checks.access + checks.controlPlanes(isOurs: isOurs || sail.settings.isInPlace)
            + checks.webhooks + checks.selections + labels(checks) + outside(checks, view)
            + checks.workloads
        return try cluster + surroundings(facts) + checks.roots + checks.operators + checks.traffic
            + checks.platform
            + checks.lease
            + resource(istio) + version(view) + tags(istio, view)
    }

    private func labels(_ checks: PreflightChecks) -> [Finding] {
        if sail.settings.isInPlace { return [] }
        return sail.settings.relabelsNamespaces
            ? checks.relabelling(takingDefault: false) : checks.oldSelections
    }

    /// In place there is no old revision to leave.
    private func outside(
        _ checks: PreflightChecks, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        sail.settings.isInPlace ? [] : checks.outside(try OutsideMachines(view, of: move))
    }

    private func surroundings(_ facts: PreflightFacts) -> [Finding] {
        let checks = SurroundingChecks(facts: facts, move: move)
        return checks.budgets + checks.evictions + checks.networkAgents
            + checks.skew(inPlace: sail.settings.isInPlace) + checks.policies + checks.refusals
            + checks.room
    }

    private func resource(_ istio: SailResource?) -> [Finding] {
        guard let istio else {
            return [.block("PS1", "there is no Istio \(sail.settings.istio)")]
        }
        var findings: [Finding] = []
        if let complaint = istio.complaint {
            findings.append(.block("PS1", "Istio \(istio.name): \(complaint)"))
        }
        guard istio.isRevisionBased != sail.settings.isInPlace else {
            let words = istio.isRevisionBased ? "by revisions" : "in place"
            return findings + [.block("PS1", "Istio \(istio.name) is updated \(words)")]
        }
        let known = [move.old, istio.version == sail.settings.version ? move.revision : move.old]
        if let active = istio.activeRevision, !known.contains(active) {
            findings.append(
                .block("PS1", "the active revision is \(active), not \(move.old)"))
        }
        return findings
    }

    /// The versions are listed in the definition, where the operator brought it.
    private func version(_ view: ClusterView) throws(Pause) -> [Finding] {
        let definition = try view.object(Self.definitionPath) ?? .null
        let served = definition.spec.items("versions").first { $0["name"]?.string == "v1" }
        let path = ["schema", "openAPIV3Schema", "properties", "spec", "properties", "version"]
        let known = served?[path: path]?.items("enum").compactMap(\.string) ?? []
        guard !known.isEmpty, !known.contains(sail.settings.version) else { return [] }
        return [.block("PS2", "it knows \(known.summary), not \(sail.settings.version)")]
    }

    private func tags(_ istio: SailResource?, _ view: ClusterView) throws(Pause) -> [Finding] {
        var findings: [Finding] = []
        if istio?.updatesWorkloads == true {
            findings.append(.warn("PS3", "the operator moves workloads itself (updateWorkloads)"))
        }
        for tag in try sail.tags(view) {
            if let complaint = tag.complaint {
                findings.append(.warn("PS3", "tag \(tag.name): \(complaint)"))
            } else if tag.target.kind == "Istio", tag.target.name == sail.settings.istio {
                findings.append(
                    .note("PS3", "tag \(tag.name) follows as soon as the version is changed"))
            }
        }
        return findings
    }
}

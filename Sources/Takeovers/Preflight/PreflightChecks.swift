import FleetModel

/// The checks that every runbook asks, each a question to the facts.
struct PreflightChecks: Sendable {
    let facts: PreflightFacts
    let move: Move

    var access: [Finding] {
        let unknown = facts.serverVersion == nil
        return (unknown ? [.block("P01", "the API server does not say which version it is")] : [])
            + facts.access.denied.map { .block("P01", "we may not \($0)") }
            + (facts.access.untold.isEmpty
                ? []
                : [.note("P01", "nobody says whether we may \(facts.access.untold.summary)")])
    }

    /// What runs there decides which steps there are, so it has to be said beforehand.
    var platform: [Finding] {
        switch (move.settings.isOpenShift, facts.isOpenShift) {
        case (true, false):
            [.block("PO1", "the API server knows no security.openshift.io: this is no OpenShift")]
        case (false, true):
            [.warn("PO1", #"this is an OpenShift, and the parameter "platform" does not say so"#)]
        default: []
        }
    }

    private var planes: [ControlPlane] { ControlPlane.all(in: facts.deployments) }

    /// What is wrong with the istiods. The new revision may be there only if it is ours.
    func controlPlanes(isOurs: Bool) -> [Finding] {
        var findings: [Finding] = []
        for plane in planes {
            if let complaint = plane.rollout.complaint {
                findings.append(.block("P03", "\(plane.deployment.qualifiedName): \(complaint)"))
            }
        }
        findings += planesElsewhere
        let isNewThere = planes.contains { $0.revision == move.revision }
        if isNewThere, !isOurs {
            findings.append(.block("P03", "revision \(move.revision) is in use already"))
        }
        if !planes.contains(where: { $0.revision == move.old }) {
            findings.append(
                isNewThere && move.isActivated(facts.injection, facts.namespaces)
                    ? .note("P03", "revision \(move.old) is gone already")
                    : .block("P03", "there is no istiod of revision \(move.old)"))
        }
        return findings
    }

    /// No step would find what belongs to it: its mesh, its injector, and what goes in the end.
    private var planesElsewhere: [Finding] {
        let names = planes.filter {
            $0.revision == move.old && $0.deployment.namespace != "istio-system"
        }.map(\.deployment.qualifiedName)
        guard !names.isEmpty else { return [] }
        return [.block("P03", "the old istiod is outside istio-system: \(names.summary)")]
    }

    var webhooks: [Finding] {
        facts.webhookComplaints.map { .block("P04", $0) } + distrusted + rivals
    }

    /// One that looks well, and that the API server does not believe.
    private var distrusted: [Finding] {
        guard facts.webhookComplaints.isEmpty,
            let probe = facts.probes.first(where: {
                $0.answer.isInjectorsRefusal
                    && WebhookTrust.isMissing(in: $0.answer.refusal ?? "")
            })
        else { return [] }
        return [.block("P04", "\(probe.namespace) \(probe.answer.description)")]
    }

    /// The API server calls them one after the other, and the last one has its way.
    private var rivals: [Finding] {
        let names = facts.injection.activeDefaults.map(\.name)
        guard names.count > 1 else { return [] }
        return [
            .warn(
                "P04", "\(names.count) default injectors, of which the last acts: \(names.summary)")
        ]
    }

    var selections: [Finding] {
        let both = facts.namespaces.filter(\.hasBothLabels).map(\.name).sorted()
        let stuck = facts.namespaces.filter { !$0.isActive }.map(\.name).sorted()
        return (both.isEmpty ? [] : [.warn("P05", "both injection labels on \(both.summary)")])
            + (stuck.isEmpty ? [] : [.warn("P05", "namespaces on their way out: \(stuck.summary)")])
            + lostSelections
    }

    /// Labels that name a revision or tag which does not exist: no sidecars, silently.
    private var lostSelections: [Finding] {
        let lost = facts.namespaces.filter { namespace in
            namespace.isActive && namespace.labels[IstioLabel.injection] == nil
                && namespace.labels[IstioLabel.revision] != nil
                && facts.injection.acting(namespaceLabels: namespace.labels) == nil
        }
        guard !lost.isEmpty else { return [] }
        return [.warn("P05", "no injector answers to \(lost.map(\.name).sorted().summary)")]
    }

    /// For runbooks that move the default: namespaces that name the old revision stay on it.
    var oldSelections: [Finding] { oldNames + oldTags }

    private var oldNames: [Finding] {
        guard move.old != .unnamed else { return [] }
        let pinned = facts.namespaces.filter {
            $0.labels[IstioLabel.injection] == nil
                && $0.labels[IstioLabel.revision] == move.old.rawValue
        }
        guard !pinned.isEmpty else { return [] }
        return [.block("P05", "named for \(move.old): \(pinned.map(\.name).sorted().summary)")]
    }

    /// A tag stays where it is when the default goes, and so does who follows it. Runbooks that
    /// go by selections lead tags over themselves.
    private var oldTags: [Finding] {
        let followers = move.activation == .defaultTag ? tagFollowers : []
        guard !followers.isEmpty else { return [] }
        return [
            .block(
                "P05",
                "follow a revision tag of \(move.old), which the default does not take along: "
                    + "\(followers.summary); have them follow the default, or move the tag "
                    + "yourself behind `check-control-plane` and waive P05")
        ]
    }

    private var tagFollowers: [String] {
        let spaces = facts.namespaces.filter { $0.isActive && oldTag(of: $0.labels) != nil }
        let labels = Dictionary(facts.namespaces.map { ($0.name, $0.labels) }) { first, _ in first }
        let owners = facts.workloads.all.filter { workload in
            guard let template = workload.object?.template.labels else { return false }
            let space = labels[workload.owner.namespace] ?? [:]
            return oldTag(of: space, template) != nil && oldTag(of: space) == nil
        }
        return spaces.map { "\($0.name) (\(oldTag(of: $0.labels) ?? ""))" }.sorted()
            + owners.map { "\($0.owner)" }.sorted()
    }

    /// The tag by which pods go to the old revision, unless that is `default`.
    private func oldTag(of labels: [String: String], _ pod: [String: String] = [:]) -> String? {
        guard let acting = facts.injection.acting(namespaceLabels: labels, podLabels: pod),
            acting.revision == move.old, acting.tag != "default"
        else { return nil }
        return acting.tag
    }

    var workloads: [Finding] {
        var findings: [Finding] = []
        for workload in facts.workloads.inMesh {
            guard let trouble = workload.trouble else { continue }
            findings.append(.block("P07", "\(workload.owner): \(trouble)"))
        }
        findings += leftBehind.map {
            move.settings.allowsLeftBehind
                ? .warn("P07", "stays behind: \($0)") : .block("P07", "cannot be restarted: \($0)")
        }
        findings += facts.queue.waived.map { .note("P07", "waived: \($0.owner)") }
        return findings + ending + pins + owned + manual + pending + bare
            + facts.queue.waiting.compactMap(downtime)
            + facts.queue.waiting.filter(\.isNotToBeEvicted).map {
                .warn("P07", "\($0.owner) asks not to be disturbed (safe-to-evict: false)")
            }
    }

    private var bare: [Finding] {
        let names = facts.queue.bare.map { "\($0.owner)" }
        guard !names.isEmpty else { return [] }
        return [
            .warn(
                "P07",
                "pods lack the sidecar that an injector would give them, and get it whenever they "
                    + "start anew: \(names.summary)")
        ]
    }

    private var leftBehind: [String] {
        facts.queue.leftBehind.map {
            "\(facts.jobMakers.words(for: $0.workload.owner)) (\($0.reason))"
        }
    }

    private var ending: [Finding] {
        facts.queue.ending.map {
            .warn(
                "P07",
                "\(facts.jobMakers.words(for: $0.owner)) runs: no Job is restarted, so its end is "
                    + "waited for")
        }
    }

    private func downtime(of workload: Workload) -> Finding? {
        guard let downtime = Downtime(of: workload) else { return nil }
        let remedy = downtime.remedy.map { "; \($0)" } ?? ""
        return .warn(
            "P07", "\(workload.owner) is down while it restarts (\(downtime.words))\(remedy)")
    }

    private var pins: [Finding] {
        facts.queue.waiting.filter(facts.queue.isPinned).map {
            .note("P07", "the template of \($0.owner) is told to ask for \(move.revision)")
        }
    }

    /// Those whose pods we evict one by one.
    private var manual: [Finding] {
        facts.queue.waiting.filter { RestartWay(of: $0) == .rolloutThenEviction }.compactMap {
            workload in
            Rollout.manual.complaint.map { .note("P07", "\(workload.owner): \($0)") }
        }
    }

    /// A template that waits for its pods to go was changed for some other reason than ours.
    private var pending: [Finding] {
        facts.queue.waiting.filter(\.isBehindItsTemplate).map {
            .warn(
                "P07",
                "a change of the template of \($0.owner) is pending (OnDelete): "
                    + "restarting its pods brings it along")
        }
    }

    /// What another controller writes, it may write back.
    private var owned: [Finding] {
        facts.queue.waiting.compactMap { workload in
            workload.controller.map {
                .note("P07", "\(workload.owner) belongs to \($0), which may take a restart back")
            }
        }
    }

    /// Other roots would break every connection between moved and unmoved pods.
    var roots: [Finding] {
        let roots = facts.rootDissenters
        return roots.isEmpty ? [] : [.block("P09", "other roots of trust in \(roots.summary)")]
    }

    /// The trust domain must stay. Where the takeover gives none, the new mesh has the `usual`
    /// one; `nil` stands for the old one's. Once the old control plane is gone there is none to
    /// keep.
    func trustDomain(given: String?, usual: String? = nil) -> [Finding] {
        guard let old = facts.trustDomain else {
            guard planes.contains(where: { $0.revision == move.old }) else { return [] }
            let trouble = move.trustTrouble(facts.trustDomains)
            guard let given else { return [.block("P10", trouble)] }
            return [.warn("P10", "\(trouble); the new one is \(given)")]
        }
        guard let new = given ?? usual, new != old else { return [] }
        return [.block("P10", "the trust domain is \(old), not \(new)")]
    }

    /// Identities of other domains that policies let in so far, and would no longer.
    func trustAliases(asked: [String]) -> [Finding] {
        let lost = (facts.mesh?.trustAliases ?? []).filter { !asked.contains($0) }
        guard !lost.isEmpty else { return [] }
        return [
            .warn(
                "P10",
                "trustDomainAliases has \(lost.summary), which the new settings do not say")
        ]
    }

    /// What pods reach outside the mesh. Another mode is meant where the new control plane's
    /// settings ask for one, and an oversight where they are silent.
    func outboundTraffic(asked: String?) -> [Finding] {
        let new = asked ?? OutboundTraffic.fallback
        guard let old = facts.mesh?.outboundMode else {
            return [.warn("P10", "nothing tells outboundTrafficPolicy, which becomes \(new)")]
        }
        guard new != old else { return [] }
        let words = "outboundTrafficPolicy is \(old), and becomes \(new)"
        guard asked == nil else { return [.warn("P10", words)] }
        return [.block("P10", "\(words) where the new settings say nothing of it")]
    }

    /// The same where what the new settings say is not known beforehand.
    var outboundTraffic: [Finding] {
        guard let mode = facts.mesh?.outboundMode, mode != OutboundTraffic.fallback else {
            return []
        }
        return [
            .warn("P10", "outboundTrafficPolicy is \(mode), which the new values have to say")
        ]
    }

    /// The proxy becomes the first container, and `exec` and `logs` without `-c` go to it; or
    /// applications no longer wait for it.
    func startOrder(holdsApplication: Bool) -> [Finding] {
        let held = facts.mesh?.holdsApplication ?? false
        guard holdsApplication != held else { return [] }
        guard held else {
            return [
                .warn(
                    "P10",
                    "holdApplicationUntilProxyStarts is new: istio-proxy becomes the first "
                        + "container, so name yours with -c in exec and logs")
            ]
        }
        return [
            .warn(
                "P10",
                "holdApplicationUntilProxyStarts is on, and the new settings do not say so: "
                    + "applications would start before their proxies can reach anybody")
        ]
    }

    var operators: [Finding] {
        let resources = facts.operators.map(IstioOperatorResource.init)
            .filter { !$0.isIgnored && !$0.isManaged }
            .sorted { $0.object.qualifiedName < $1.object.qualifiedName }
        return resources.compactMap { resource in
            let name = "IstioOperator \(resource.object.qualifiedName)"
            if resource.object.isTerminating { return .block("P12", "\(name) is on its way out") }
            let state = resource.state ?? "not looked at yet"
            return state == "HEALTHY" ? nil : .warn("P12", "\(name) is \(state)")
        }
    }

    var traffic: [Finding] {
        facts.traffic.failures.map { .block("P20", "\($0.url) \($0.words)") }
    }

    var lease: [Finding] {
        if case .denied(let failure) = facts.lease { return [.block("lock", failure.reason)] }
        return []
    }

}

extension Finding {
    static func block(_ check: String, _ words: String) -> Finding { Finding(check, .block, words) }
    static func warn(_ check: String, _ words: String) -> Finding { Finding(check, .warn, words) }
    static func note(_ check: String, _ words: String) -> Finding { Finding(check, .note, words) }
}

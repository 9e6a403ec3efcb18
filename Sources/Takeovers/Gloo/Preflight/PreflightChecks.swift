import FleetModel

/// The checks P01 to P16 and PG1, PG2, each a question to the facts.
struct PreflightChecks: Sendable {
    let facts: PreflightFacts
    let gloo: GlooSituation

    /// Every finding, in the order of the checks.
    var findings: [Finding] {
        access + contexts + controlPlanes + webhooks + selections + workloads
            + SurroundingChecks(facts: facts, gloo: gloo).findings + trust + operators + gateways
            + lease + management
    }

    private var access: [Finding] {
        let unknown = facts.serverVersion == nil
        return (unknown ? [.block("P01", "the API server does not say which version it is")] : [])
            + facts.denied.map { .block("P01", "we may not \($0)") }
    }

    /// An underscore would end in a certificate's SAN, where it is not allowed.
    private var contexts: [Finding] {
        let clusters = [gloo.situation.cluster] + (gloo.situation.management.map { [$0] } ?? [])
        return clusters.filter { $0.context.rawValue.contains("_") }.map {
            .block("P02", "context \($0.context.rawValue.quoted) has an underscore")
        }
    }

    private var planes: [ControlPlane] { ControlPlane.all(in: facts.deployments) }

    private var controlPlanes: [Finding] {
        var findings: [Finding] = []
        for plane in planes {
            if let complaint = plane.rollout.complaint {
                findings.append(.block("P03", "\(plane.deployment.qualifiedName): \(complaint)"))
            }
        }
        let isNewThere = planes.contains { $0.revision == gloo.revision }
        if isNewThere, !isOurs {
            findings.append(.block("P03", "revision \(gloo.revision) is in use already"))
        }
        if !planes.contains(where: { $0.revision == gloo.old }) {
            findings.append(
                isNewThere && gloo.isActivated(facts.injection)
                    ? .note("P03", "revision \(gloo.old) is gone already")
                    : .block("P03", "there is no istiod of revision \(gloo.old)"))
        }
        return findings
    }

    /// Whether the new revision came through the management plane, as ours does.
    private var isOurs: Bool {
        guard let manager = facts.manager,
            let installation = manager.installation(of: gloo.revision)
        else { return false }
        return manager.entry(of: gloo.registeredName, in: installation) != nil
    }

    private var webhooks: [Finding] {
        facts.webhookComplaints.map { .block("P04", $0) }
    }

    private var selections: [Finding] {
        let both = facts.namespaces.filter(\.hasBothLabels).map(\.name).sorted()
        let stuck = facts.namespaces.filter { !$0.isActive }.map(\.name).sorted()
        return (both.isEmpty ? [] : [.warn("P05", "both injection labels on \(both.summary)")])
            + (stuck.isEmpty ? [] : [.warn("P05", "namespaces on their way out: \(stuck.summary)")])
            + lostSelections + oldSelections
    }

    /// Labels that name a revision or tag which does not exist: no sidecars, silently.
    private var lostSelections: [Finding] {
        let lost = facts.namespaces.filter { namespace in
            namespace.isActive && namespace.labels["istio-injection"] == nil
                && namespace.labels["istio.io/rev"] != nil
                && facts.injection.acting(namespaceLabels: namespace.labels) == nil
        }
        guard !lost.isEmpty else { return [] }
        return [.warn("P05", "no injector answers to \(lost.map(\.name).sorted().summary)")]
    }

    /// This runbook moves the default; namespaces that name the old revision stay on it.
    private var oldSelections: [Finding] {
        guard gloo.old != .unnamed else { return [] }
        let pinned = facts.namespaces.filter {
            $0.labels["istio-injection"] == nil && $0.labels["istio.io/rev"] == gloo.old.rawValue
        }
        guard !pinned.isEmpty else { return [] }
        return [.block("P05", "named for \(gloo.old): \(pinned.map(\.name).sorted().summary)")]
    }

    private var workloads: [Finding] {
        var findings: [Finding] = []
        for workload in facts.workloads.inMesh {
            switch workload.rollout {
            case .waiting(let reason), .failed(let reason):
                findings.append(.block("P07", "\(workload.owner): \(reason)"))
            default: break
            }
        }
        findings += facts.queue.leftBehindWords.map {
            gloo.settings.allowsLeftBehind
                ? .warn("P07", "stays behind: \($0)") : .block("P07", "cannot be restarted: \($0)")
        }
        findings += facts.queue.waived.map { .note("P07", "waived: \($0.owner)") }
        return findings
            + facts.queue.waiting.filter(\.causesDowntime).map {
                .warn("P07", "\($0.owner) is down while it restarts (Recreate, one replica)")
            }
    }

    private var trust: [Finding] {
        let given = gloo.settings.trustDomain
        let differs = given.map { $0 != facts.trustDomain } ?? false
        let roots = facts.rootDissenters
        return (roots.isEmpty ? [] : [.block("P09", "other roots of trust in \(roots.summary)")])
            + (differs
                ? [
                    .block(
                        "P10", "the trust domain is \(facts.trustDomain), not \(given ?? "")")
                ] : [])
    }

    private var operators: [Finding] {
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

    private var gateways: [Finding] {
        let namespaces = Set(gloo.newGateways.map(\.namespace))
        let elsewhere = facts.fronts.filter { front in
            front.isExternal && !namespaces.contains(front.service.namespace)
        }
        guard !elsewhere.isEmpty, !gloo.settings.leavesGatewaysAlone else { return [] }
        let names = elsewhere.map(\.service.qualifiedName).summary
        return [
            .block(
                "P16",
                "clients of \(names) have to be led to another address; set the parameter "
                    + #""gateways" to "none" if somebody else does"#)
        ]
    }

    private var lease: [Finding] {
        if case .denied(let failure) = facts.lease { return [.block("lock", failure.reason)] }
        return []
    }

    private var management: [Finding] {
        var findings: [Finding] = []
        if facts.approval != "ACCEPTED" {
            let state = facts.approval ?? "unknown to Gloo"
            findings.append(
                .block("PG1", "KubernetesCluster \(gloo.registeredName) is \(state)"))
        }
        if let manager = facts.manager, let position = manager.installation(of: gloo.revision),
            let tag = manager.tag(of: position), tag != gloo.version
        {
            findings.append(.block("PG2", "Gloo has \(gloo.revision) with version \(tag)"))
        }
        return findings + facts.rootTrustPolicies.map(note)
    }

    private func note(_ policy: JSON) -> Finding {
        let restarts = policy.spec[path: ["config", "autoRestartPods"]]?.bool == true
        let words = "RootTrustPolicy \(policy.name) is left as it is"
        return restarts
            ? .warn("PG2", "\(words); it restarts pods by itself") : .note("PG2", words)
    }
}

extension Finding {
    static func block(_ check: String, _ words: String) -> Finding { Finding(check, .block, words) }
    static func warn(_ check: String, _ words: String) -> Finding { Finding(check, .warn, words) }
    static func note(_ check: String, _ words: String) -> Finding { Finding(check, .note, words) }
}

import FleetModel

/// What a Gloo takeover's preflight asks of one cluster.
struct GlooReview: PreflightReview {
    let gloo: GlooSituation

    var checks: [PreflightCheck] { GlooPreflight.checks }
    var move: Move { gloo.move }

    var access: AccessReview {
        AccessReview(GlooRunbook.self, of: move, and: allowing)
    }

    /// What `oc` does for us.
    private var allowing: [AccessReview.Question] {
        guard move.settings.isOpenShift else { return [] }
        return ["create", "patch"].map {
            AccessReview.Question(
                $0, "clusterrolebindings", "rbac.authorization.k8s.io", by: move.kubectl)
        }
    }

    var readings: [Reading] {
        ManagementFacts.readings(gloo) + .paths(InternalGateways.paths + OutsideMachines.paths)
    }

    func findings(_ facts: PreflightFacts, _ view: ClusterView) throws(Pause) -> [Finding] {
        let management = try ManagementFacts(view, gloo)
        let checks = PreflightChecks(facts: facts, move: move)
        let cluster =
            checks.access + contexts + checks.controlPlanes(isOurs: isOurs(management))
            + checks.webhooks + checks.selections + labels(checks) + namedDefault(facts)
            + checks.outside(try OutsideMachines(view, of: move)) + checks.workloads
        let surroundings = SurroundingChecks(
            facts: facts, move: move, bringsGateways: true)
        return try cluster + surroundings.oldOperators + surroundings.findings + checks.roots
            + checks.trustDomain(given: gloo.settings.trustDomain) + startOrder(checks)
            + trustAliases(checks) + outboundTraffic(checks) + checks.operators
            + gateways(facts) + unled(facts, view) + checks.traffic + checks.platform + checks.lease
            + self.management(management)
    }

    private func labels(_ checks: PreflightChecks) -> [Finding] {
        gloo.settings.relabelsNamespaces
            ? checks.relabelling(takingDefault: true) : checks.oldSelections
    }

    /// Istio's operator moves no tag `default` that is there, and nobody says that Gloo does.
    private func namedDefault(_ facts: PreflightFacts) -> [Finding] {
        guard !gloo.settings.relabelsNamespaces, let tag = facts.injection.defaultTag,
            tag.revision != move.revision
        else { return [] }
        return [
            .warn(
                "P05",
                "\(tag.name) points to \(tag.revision): should Gloo leave it there, `activate` "
                    + "asks for `\(Activate.moving(gloo))`")
        ]
    }

    /// An underscore would end in a certificate's SAN, where it is not allowed.
    private var contexts: [Finding] {
        let clusters = [move.situation.cluster] + (move.situation.management.map { [$0] } ?? [])
        return clusters.filter { $0.context.rawValue.contains("_") }.map {
            .block("P02", "context \($0.context.rawValue.quoted) has an underscore")
        }
    }

    private func startOrder(_ checks: PreflightChecks) -> [Finding] {
        let manifest = gloo.manifest(.controlPlane)
        return checks.startOrder(
            holdsApplication: manifest?.operatorSpec.asksToHoldApplications ?? false)
    }

    private func trustAliases(_ checks: PreflightChecks) -> [Finding] {
        let spec = gloo.manifest(.controlPlane)?.operatorSpec
        return checks.trustAliases(asked: TrustDomain.aliases(askedBy: spec))
    }

    private func outboundTraffic(_ checks: PreflightChecks) -> [Finding] {
        let manifest = gloo.manifest(.controlPlane)
        return checks.outboundTraffic(asked: OutboundTraffic.asked(of: manifest?.operatorSpec))
    }

    /// Whether the new revision came through the management plane, as ours does.
    private func isOurs(_ management: ManagementFacts) -> Bool {
        guard let manager = management.manager,
            let installation = manager.installation(of: move.revision)
        else { return false }
        return manager.entry(of: gloo.registeredName, in: installation) != nil
    }

    private func gateways(_ facts: PreflightFacts) -> [Finding] {
        let collisions = GatewayCollisions(move, fronts: facts.fronts)
        return collisions.complaints.map { .block("P16", $0) } + elsewhere(collisions)
    }

    /// Callers within the cluster, whom nobody leads over.
    private func unled(
        _ facts: PreflightFacts, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        let collisions = GatewayCollisions(move, fronts: facts.fronts)
        let inside = try InternalGateways(view, for: move, unless: collisions.isShared)
        return inside.services.map { service in
            let routes = inside.routes(to: service)
            let users = routes.isEmpty ? "" : " (VirtualService \(routes.summary) leads there)"
            let words = "Service \(service.qualifiedName) goes with the old gateways\(users)"
            guard !gloo.settings.mayGo(service) else {
                return routes.isEmpty ? .note("P16", words) : .warn("P16", words)
            }
            return .block(
                "P16",
                "\(words): have its callers find another, and name it in the parameter "
                    + "\"removeGateways\"")
        }
    }

    private func elsewhere(_ collisions: GatewayCollisions) -> [Finding] {
        let elsewhere = collisions.fronts.filter { $0.isExternal && !collisions.isShared($0) }
            .map(\.service)
        guard !elsewhere.isEmpty, !gloo.settings.leavesGatewaysAlone else { return [] }
        guard !gloo.settings.leadsByDNS else { return records(elsewhere) }
        let names = elsewhere.map(\.qualifiedName).summary
        return [
            .block(
                "P16",
                "clients of \(names) have to be led to another address; set the parameter "
                    + #""gateways" to "dns", or to "none" if somebody else does"#)
        ]
    }

    /// What DNS can lead over, and what it can't.
    private func records(_ services: [JSON]) -> [Finding] {
        let nodes = services.filter { $0.spec["type"]?.string != "LoadBalancer" }
        let known = Set(move.gateways.map(\.service))
        let orphans = services.filter { !known.contains($0.name) }
        return nodes.map {
            .block("P16", "\($0.qualifiedName) is reached at the nodes, which no record changes")
        }
            + orphans.map {
                .warn(
                    "P16",
                    "no manifest makes a gateway called \($0.name): the one with the same label "
                        + "`istio` takes its place")
            }
            + services.map {
                let address = $0.loadBalancerAddress ?? "no address"
                return .note(
                    "P16", "clients of \($0.qualifiedName) (\(address)) are led over by DNS")
            }
    }

    private func management(_ facts: ManagementFacts) -> [Finding] {
        var findings: [Finding] = []
        if facts.approval != "ACCEPTED" {
            let state = facts.approval ?? "unknown to Gloo"
            findings.append(
                .block("PG1", "KubernetesCluster \(gloo.registeredName) is \(state)"))
        }
        return findings + facts.contradictions.map { .block("PG2", $0) }
            + facts.rootTrustPolicies.map(note)
    }

    private func note(_ policy: JSON) -> Finding {
        let restarts = policy.spec[path: ["config", "autoRestartPods"]]?.bool == true
        let words = "RootTrustPolicy \(policy.name) is left as it is"
        return restarts
            ? .warn("PG2", "\(words); it restarts pods by itself") : .note("PG2", words)
    }
}

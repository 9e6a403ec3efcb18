extension ClusterSurvey {
    /// What an operator should know before anything is changed, one sentence each, the
    /// gravest first.
    public var concerns: [String] {
        webhookTroubles + planeConcerns + injectionConcerns + trustConcerns + gatewayConcerns
            + managedConcerns + workloadConcerns + gaps.map { "not read: \($0)" }
    }

    private var planeConcerns: [String] {
        let troubles = controlPlanes.compactMap { plane in
            plane.trouble.map { "istiod \(plane.label): \($0)" }
        }
        return (controlPlanes.isEmpty ? ["there is no istiod"] : []) + troubles
    }

    private var injectionConcerns: [String] {
        let defaults = injectors.filter(\.isDefault)
        let names = defaults.map(\.name).joined(separator: ", ")
        let several =
            defaults.count > 1
            ? ["\(defaults.count) default injectors, of which the last acts: \(names)"] : []
        return several
            + namespaces.filter(\.isUnanswered).map {
                "nobody injects into \(some($0.names)), which "
                    + "\($0.names.count == 1 ? "asks" : "ask") for \($0.asks)"
            }
    }

    private var trustConcerns: [String] {
        let others = roots.dropFirst().flatMap(\.namespaces)
        let domains = trustDomains.joined(separator: ", ")
        return (others.isEmpty ? [] : ["other roots of trust in \(some(others.sorted()))"])
            + (trustDomains.count > 1 ? ["more than one trust domain: \(domains)"] : [])
    }

    private var gatewayConcerns: [String] {
        gateways.compactMap { gateway in
            if gateway.isOrphan { return "Service \(gateway.service) leads to no gateway" }
            if gateway.lacksAddress { return "Service \(gateway.service) has no address" }
            return gateway.readyEndpoints == 0
                ? "Service \(gateway.service) has no ready endpoint" : nil
        }
    }

    private var managedConcerns: [String] {
        (operators + releases).filter { !$0.isWell }.map { "\($0.kind) \($0.name) is \($0.state)" }
    }

    private var workloadConcerns: [String] {
        uninjected.map { "\($0.label) has no sidecar: \($0.restart.reason ?? "")" }
            + staying.map { "\($0.label) can't be restarted: \($0.restart.reason ?? "")" }
            + restartable.filter(\.causesDowntime).map {
                "\($0.label) is down while it restarts"
            }
            + budgets.filter(\.isViolated).map {
                "PodDisruptionBudget \($0.name) has fewer healthy pods than it asks for"
            }
    }
}

/// The first few, and how many more there are.
private func some(_ names: [String]) -> String {
    let shown = names.prefix(4).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
}

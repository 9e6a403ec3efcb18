import FleetModel

extension ClusterSurvey {
    mutating func describeWorkloads(_ objects: SurveyedObjects) {
        let injection = Injection(configurations: objects.mutating)
        let labels = Dictionary(objects.namespaces.map { ($0.name, $0.labels) }) { first, _ in first
        }
        owners = objects.workloads.all.compactMap { workload in
            guard let restart = workload.restart(injection, labels) else { return nil }
            return Owner(workload, restart)
        }
        let mesh =
            objects.workloads.inMesh.flatMap(\.pods)
            + objects.pods.filter { $0.labels["app"] == "istiod" }
        let workloads = objects.workloads.all
        budgets = objects.budgets.filter { budget in mesh.contains(where: budget.covers) }
            .sorted { $0.object.qualifiedName < $1.object.qualifiedName }
            .map { budget in
                Budget(
                    name: budget.object.qualifiedName, allowed: budget.allowed,
                    isViolated: budget.isViolated,
                    owners: workloads.filter { $0.pods.contains(where: budget.covers) }
                        .map { "\($0.owner)" })
            }
    }
}

extension ClusterSurvey.Owner {
    fileprivate init(_ workload: Workload, _ restart: ClusterSurvey.Restart) {
        self.init(
            kind: workload.owner.kind, namespace: workload.owner.namespace,
            name: workload.owner.name, pods: workload.pods.count,
            proxies: Set(workload.pods.compactMap { $0.proxy?.label }).sorted(),
            restart: restart, causesDowntime: Downtime(of: workload) != nil,
            traits: ClusterSurvey.Owner.Traits(of: workload))
    }
}

extension Workload {
    /// Whether it can be restarted; `nil` for what has nothing to do with sidecars.
    fileprivate func restart(
        _ injection: Injection, _ labels: [String: [String: String]]
    ) -> ClusterSurvey.Restart? {
        guard isInMesh else {
            return missingSidecar(injection, labels[owner.namespace] ?? [:])
                .map(ClusterSurvey.Restart.uninjected)
        }
        return obstacle.map(ClusterSurvey.Restart.impossible) ?? .possible
    }

    /// Why it has no sidecar although its labels ask for one; `nil` when they do not.
    private func missingSidecar(
        _ injection: Injection, _ labels: [String: String]
    ) -> String? {
        guard let pod = pods.first, pod.proxy == nil else { return nil }
        switch injection.decision(
            namespace: owner.namespace, labels: labels, pod: PodWishes(of: pod.object))
        {
        case .injected: return "an injector selects it, but its pods were made without one"
        case .declined(.hostNetwork): return "it is on the host's network"
        case .unselected(.nobodyAnswers(let wish)): return "nobody answers to \(wish)"
        case .declined, .unselected: return nil
        }
    }
}

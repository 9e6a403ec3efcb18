import FleetModel

/// What the preflight asks of gateways that are moved by a second release beside their own.
struct StandInReview: Sendable {
    let move: Move
    let canaries: [GatewayCanary]

    var readings: [Reading] {
        canaries.flatMap { $0.readings + [autoscalers(of: $0.gateway)] }
    }

    func findings(_ view: ClusterView) throws(Pause) -> [Finding] {
        var findings: [Finding] = []
        for canary in canaries { findings += try self.findings(on: canary, view) }
        return findings
    }

    private func findings(
        on canary: GatewayCanary, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        // That it is missing is told by PR1.
        guard let record = try canary.own.release.record(view) else { return [] }
        if let obstacle = try obstacle(to: canary, record, view) {
            return [.block("PR5", "\(canary.own.release.label) \(obstacle)")]
        }
        return try autoscaling(of: canary, view)
    }

    /// Why no other pods could stand in for the gateway's; `nil` when they could.
    private func obstacle(
        to canary: GatewayCanary, _ record: ReleaseRecord, _ view: ClusterView
    ) throws(Pause) -> String? {
        let gateway = canary.gateway
        if let kind = record.values["kind"]?.string, kind != "Deployment" {
            return "makes a \(kind), which cannot be scaled to nothing"
        }
        let path = Move.servicePath(gateway.service, in: gateway.namespace)
        guard let service = try view.object(path) else {
            return "has no Service \(gateway.service) to share"
        }
        let pins = (service.spec["selector"]?.strings ?? [:]).keys
            .filter { service.unpinnedSelector[$0] == nil }.sorted()
        guard pins.isEmpty else {
            return "has a Service that selects by \(pins.summary), and so one revision alone"
        }
        let pods = GatewayPods(of: gateway.deployment, in: gateway.namespace, try Workloads(view))
        guard let deployment = pods.deployment else { return "has no \(pods.label)" }
        guard pods.wanted == 0, ReplicaNote.count(on: deployment) == nil else { return nil }
        return "has no pods that others could stand in for"
    }

    /// An autoscaler leaves what has no pods alone, unless it was told that none are enough.
    private func autoscaling(
        of canary: GatewayCanary, _ view: ClusterView
    ) throws(Pause) -> [Finding] {
        let reading = autoscalers(of: canary.gateway)
        guard case .found(let list) = try view.result(of: reading) else { return [] }
        let autoscaler = list.items("items").first { autoscaler in
            let target = autoscaler.spec["scaleTargetRef"]
            return target?["kind"] == "Deployment"
                && target?["name"]?.string == canary.gateway.deployment
        }
        guard let autoscaler else { return [] }
        let label = "HorizontalPodAutoscaler \(canary.gateway.namespace)/\(autoscaler.name)"
        guard autoscaler.spec["minReplicas"]?.int != 0 else {
            return [
                .block("PR5", "\(label) has minReplicas 0, and may fill what was drained")
            ]
        }
        return [
            .warn(
                "PR5",
                "\(label) does not scale \(canary.standIn.name), which keeps as many pods as there "
                    + "were until the phase retire")
        ]
    }

    private func autoscalers(of gateway: NewGateway) -> Reading {
        let path = "/apis/autoscaling/v2/namespaces/\(gateway.namespace)"
        return .path(APIPath.list("\(path)/horizontalpodautoscalers"), on: .cluster)
    }
}

import FleetModel
import Testing

@testable import FleetLab

@Suite struct RolloutTests {
    private static let cart = ObjectKey("deployments.apps", namespace: "shop", name: "cart")
    private static let orders = ObjectKey("statefulsets.apps", namespace: "shop", name: "orders")
    private static let agent = ObjectKey(
        "daemonsets.apps", namespace: "telemetry", name: "node-agent")

    @Test func `an edit is observed a beat later`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.restart(Self.cart)
        rehearsal.fleet.advance(to: rehearsal.clock.now)
        let early = try #require(try rehearsal.edge.get(Self.cart))
        #expect(early.count("status", "observedGeneration") < early.generation)
        rehearsal.run(seconds: 1)
        let late = try #require(try rehearsal.edge.get(Self.cart))
        #expect(late.count("status", "observedGeneration") == late.generation)
    }

    @Test func `a restart replaces every pod and never has fewer ready than promised`()
        async throws
    {
        let rehearsal = try await Rehearsal()
        let before = Set(try pods(of: "cart", rehearsal).map(\.uid))
        try rehearsal.restart(Self.cart)
        var least = Int.max
        for _ in 0..<60 {
            rehearsal.run(seconds: 1)
            least = min(least, try pods(of: "cart", rehearsal).filter(\.isReady).count)
        }
        let after = try pods(of: "cart", rehearsal)
        #expect(after.count == 2)
        #expect(before.isDisjoint(with: after.map(\.uid)))
        #expect(least >= 2, "maxUnavailable 25% of 2 is none")
        let deployment = try #require(try rehearsal.edge.get(Self.cart))
        #expect(deployment.annotations[Rollout.revisionKey] == "2")
        #expect(reason("Progressing", deployment) == "NewReplicaSetAvailable")
    }

    @Test func `a finished rollout still has terminating pods with the old proxy`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.restart(Self.cart)
        let isSeen = try rehearsal.run {
            let deployment = try rehearsal.edge.get(Self.cart) ?? [:]
            let isDone =
                deployment.count("status", "observedGeneration") == deployment.generation
                && deployment.count("status", "updatedReplicas") == 2
                && deployment.count("status", "replicas") == 2
                && deployment.count("status", "availableReplicas") == 2
            return try isDone
                && pods(of: "cart", rehearsal).contains { $0.isTerminating && $0.isReady }
        }
        #expect(isSeen)
    }

    /// By the patch that `kubectl rollout undo` takes from the revision that it goes back to.
    @Test(arguments: [
        (ObjectKey("daemonsets.apps", namespace: "telemetry", name: "node-agent"), 3),
        (ObjectKey("statefulsets.apps", namespace: "shop", name: "orders"), 2),
    ])
    func `an undone restart makes the template what it was, and its revision the latest`(
        owner: ObjectKey, pods: Int
    ) async throws {
        let rehearsal = try await Rehearsal()
        let before = try #require(try rehearsal.edge.get(owner))
        try rehearsal.restart(owner)
        rehearsal.run(seconds: 120)
        let kept = try revisions(of: before, rehearsal)
        #expect(kept.map { $0["revision"] } == [1, 2])
        let type = try #require(BuiltinTypes.all.first { owner.resource == $0.id })
        try rehearsal.edge.update(owner) {
            if let undone = try? StrategicMergePatch.applied(
                kept[0]["data"] ?? [:], to: $0, as: type)
            {
                $0 = undone
            }
        }
        rehearsal.run(seconds: 120)
        let after = try #require(try rehearsal.edge.get(owner))
        #expect(after[path: ["spec", "template"]] == before[path: ["spec", "template"]])
        let undone = try revisions(of: before, rehearsal)
        #expect(undone.map { $0["revision"] } == [2, 3])
        #expect(undone[1].name == kept[0].name)
        let alive = try rehearsal.edge.list("pods").filter {
            $0.controllerReference?["uid"]?.string == before.uid && $0.isActive
        }
        #expect(alive.count == pods && alive.allSatisfy { $0.annotations[Self.restart] == nil })
    }

    private static let restart = "kubectl.kubernetes.io/restartedAt"

    private func revisions(of owner: JSON, _ rehearsal: Rehearsal) throws -> [JSON] {
        try rehearsal.edge.list("controllerrevisions.apps")
            .filter { $0.controllerReference?["uid"]?.string == owner.uid }
            .sorted { $0.count("revision") < $1.count("revision") }
    }

    @Test func `a paused deployment doesn't move`() async throws {
        let rehearsal = try await Rehearsal()
        let before = try pods(of: "cart", rehearsal).map(\.uid)
        try rehearsal.edge.update(Self.cart) { $0[path: ["spec", "paused"]] = true }
        try rehearsal.restart(Self.cart)
        rehearsal.run(seconds: 60)
        #expect(try pods(of: "cart", rehearsal).map(\.uid) == before)
        let deployment = try #require(try rehearsal.edge.get(Self.cart))
        #expect(reason("Progressing", deployment) == "DeploymentPaused")
    }

    @Test func `a deployment scaled to zero has no pods and is available`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.edge.update(Self.cart) { $0[path: ["spec", "replicas"]] = 0 }
        rehearsal.run(seconds: 30)
        #expect(try pods(of: "cart", rehearsal).isEmpty)
        let deployment = try #require(try rehearsal.edge.get(Self.cart))
        #expect(reason("Available", deployment) == "MinimumReplicasAvailable")
    }

    @Test func `a stateful set is replaced from its last pod on, one at a time`() async throws {
        let rehearsal = try await Rehearsal()
        let before = try uids(of: "orders", rehearsal)
        try rehearsal.restart(Self.orders)
        var order: [String] = []
        for _ in 0..<90 {
            rehearsal.run(seconds: 1)
            let now = try uids(of: "orders", rehearsal)
            for (name, uid) in now.sorted(by: { $0.key < $1.key }) where before[name] != uid {
                if !order.contains(name) { order.append(name) }
            }
            #expect(now.count >= before.count - 1)
        }
        #expect(order == before.keys.sorted(by: >))
        let set = try #require(try rehearsal.edge.get(Self.orders))
        #expect(
            set[path: ["status", "currentRevision"]] == set[path: ["status", "updateRevision"]])
    }

    @Test func `a partition keeps the pods below it`() async throws {
        let rehearsal = try await Rehearsal()
        let before = try uids(of: "orders", rehearsal)
        try rehearsal.edge.update(Self.orders) {
            $0[path: ["spec", "updateStrategy", "rollingUpdate", "partition"]] = 1
        }
        try rehearsal.restart(Self.orders)
        rehearsal.run(seconds: 90)
        let after = try uids(of: "orders", rehearsal)
        #expect(after["orders-0"] == before["orders-0"])
        #expect(after["orders-1"] != before["orders-1"])
    }

    @Test func `OnDelete replaces nothing by itself`() async throws {
        let rehearsal = try await Rehearsal()
        let before = try uids(of: "orders", rehearsal)
        try rehearsal.edge.update(Self.orders) {
            $0[path: ["spec", "updateStrategy"]] = ["type": "OnDelete"]
        }
        try rehearsal.restart(Self.orders)
        rehearsal.run(seconds: 60)
        #expect(try uids(of: "orders", rehearsal) == before)
        try rehearsal.edge.delete(ObjectKey("pods", namespace: "shop", name: "orders-0"))
        rehearsal.run(seconds: 60)
        let set = try #require(try rehearsal.edge.get(Self.orders))
        let pod = try rehearsal.edge.get(ObjectKey("pods", namespace: "shop", name: "orders-0"))
        #expect(
            pod?.labels[TemplateHistory.label]
                == set[path: ["status", "updateRevision"]]?.string)
    }

    @Test func `a daemon set restarts node by node`() async throws {
        let rehearsal = try await Rehearsal()
        try rehearsal.restart(Self.agent)
        var least = Int.max
        for _ in 0..<90 {
            rehearsal.run(seconds: 1)
            let set = try rehearsal.edge.get(Self.agent) ?? [:]
            least = min(least, set.count("status", "numberReady"))
        }
        let set = try #require(try rehearsal.edge.get(Self.agent))
        #expect(set.count("status", "updatedNumberScheduled") == 3)
        #expect(set.count("status", "numberAvailable") == 3)
        #expect(least == 2)
    }

    @Test func `a rollout that takes too long says so, and recovers`() async throws {
        let rehearsal = try await Rehearsal()
        rehearsal.startFault(.workloadNeverReady(owner: "shop/cart", crashes: false))
        try rehearsal.restart(Self.cart)
        rehearsal.run(seconds: 590)
        #expect(
            reason("Progressing", try #require(try rehearsal.edge.get(Self.cart)))
                == "ReplicaSetUpdated")
        rehearsal.run(seconds: 30)
        let late = try #require(try rehearsal.edge.get(Self.cart))
        #expect(reason("Progressing", late) == "ProgressDeadlineExceeded")
        rehearsal.mend()
        rehearsal.run(seconds: 60)
        let well = try #require(try rehearsal.edge.get(Self.cart))
        #expect(reason("Progressing", well) == "NewReplicaSetAvailable")
    }

    @Test(arguments: [
        (1, "25%", "25%", 1, 0), (4, "25%", "25%", 1, 1), (10, "25%", "25%", 3, 2),
        (3, "0", "0", 0, 1), (5, "100%", "0%", 5, 0),
    ])
    func `surge rounds up and unavailability down`(
        replicas: Int, surge: String, unavailable: String, surges: Int, missing: Int
    ) {
        let strategy: JSON = [
            "type": "RollingUpdate",
            "rollingUpdate": [
                "maxSurge": .string(surge), "maxUnavailable": .string(unavailable),
            ],
        ]
        let plan = RollingUpdate(strategy: strategy, replicas: replicas)
        #expect(plan.surge == surges)
        #expect(plan.unavailable == missing)
    }

    @Test func `new pods that aren't available protect as many old ones`() {
        let plan = RollingUpdate(strategy: ["type": "RollingUpdate"], replicas: 10)
        #expect(plan.newReplicas(current: 0, total: 10) == 3)
        #expect(plan.removable(total: 13, newUnavailable: 3) == 2)
        #expect(plan.removable(total: 13, newUnavailable: 0) == 5)
        #expect(plan.removable(total: 8, newUnavailable: 3) == 0)
    }

    // MARK: -

    private func pods(of workload: String, _ rehearsal: Rehearsal) throws -> [JSON] {
        try rehearsal.edge.list("pods").filter { $0.workloadName == workload }
    }

    private func uids(of workload: String, _ rehearsal: Rehearsal) throws -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try pods(of: workload, rehearsal).map { ($0.name, $0.uid) })
    }

    private func reason(_ type: String, _ object: JSON) -> String? {
        Condition.find(type, in: object)?["reason"]?.string
    }
}

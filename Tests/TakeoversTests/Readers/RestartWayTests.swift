import FleetModel
import Testing

@testable import Takeovers

@Suite struct RestartWayTests {
    private func way(_ kind: String, _ sample: String? = nil) throws -> RestartWay {
        let object = try sample.map { try Fixture.sample($0, in: "workloads") }
        let owner = OwnerReference(kind: kind, namespace: "shop", name: "x")
        return RestartWay(of: Workload(owner: owner, object: object, pods: []))
    }

    @Test(
        arguments: [
            ("Deployment", "deployment-ready", .rollout),
            ("Deployment", "deployment-paused", .never("it is paused")),
            ("StatefulSet", "statefulset-partitioned", .rollout),
            ("StatefulSet", "statefulset-ondelete", .rolloutThenEviction),
            ("DaemonSet", "daemonset-ready", .rollout),
            ("Rollout", "rollout-argo", .restartAt),
            ("DeploymentConfig", nil, .rolloutLatest), ("ReplicaSet", nil, .eviction),
            ("ReplicationController", nil, .eviction),
            ("Pod", nil, .never("a bare pod: nothing would make it anew")),
            ("Job", nil, .never("a Job's pods are left to end by themselves")),
            ("Node", nil, .never("a static pod of its node")),
            ("Kafka", nil, .unknown(kind: "Kafka")),
        ] as [(String, String?, RestartWay)])
    func `each kind of owner is restarted in its own way`(
        kind: String, sample: String?, way: RestartWay
    ) throws {
        #expect(try self.way(kind, sample) == way)
    }

    @Test func `a budget that allows nothing blocks evictions`() throws {
        let budget = DisruptionBudget(
            try Fixture.sample("pdb-zero-disruptions", in: "workloads"))
        #expect(budget.isBlocking && !budget.isViolated)
        #expect(budget.allowed == 0)
        let istiod = DisruptionBudget(try Fixture.sample("pdb-istiod-blocks", in: "controlplane"))
        #expect(istiod.isBlocking)
    }

    @Test func `a budget counts the pods of its namespace that it selects`() {
        let budget = DisruptionBudget([
            "metadata": ["namespace": "shop"], "spec": ["selector": ["matchLabels": ["a": "b"]]],
            "status": ["currentHealthy": 1, "desiredHealthy": 2],
        ])
        let pod = { (namespace: String, label: String) in
            Pod(["metadata": ["namespace": .string(namespace), "labels": ["a": .string(label)]]])
        }
        #expect(budget.covers(pod("shop", "b")))
        #expect(!budget.covers(pod("shop", "c")))
        #expect(!budget.covers(pod("other", "b")))
        #expect(budget.isViolated && !budget.isBlocking)
        #expect(!DisruptionBudget(["metadata": ["namespace": "shop"]]).covers(pod("shop", "b")))
    }
}

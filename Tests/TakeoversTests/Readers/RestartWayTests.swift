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

    @Test(
        arguments: [
            ("Deployment", ["replicas": 1], nil), ("Deployment", [:], nil),
            ("Deployment", ["strategy": ["type": "Recreate"]], "Recreate, one replica"),
            (
                "Deployment", ["strategy": ["type": "Recreate"], "replicas": 2],
                "Recreate, all 2 replicas at once"
            ),
            (
                "Deployment", ["strategy": ["rollingUpdate": ["maxSurge": 0]]],
                "one replica, which may be missing"
            ),
            (
                "Deployment", ["strategy": ["rollingUpdate": ["maxSurge": "0%"]]],
                "one replica, which may be missing"
            ),
            (
                "Deployment",
                ["strategy": ["rollingUpdate": ["maxSurge": 1, "maxUnavailable": 1]]],
                "one replica, which may be missing"
            ),
            (
                "Deployment",
                ["strategy": ["rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"]]], nil
            ),
            (
                "DeploymentConfig", ["strategy": ["rollingParams": ["maxSurge": 0]]],
                "one replica, which may be missing"
            ),
            (
                "Deployment",
                ["replicas": 3, "strategy": ["rollingUpdate": ["maxUnavailable": 3]]],
                "all 3 replicas may be missing"
            ),
            (
                "Deployment",
                ["replicas": 3, "strategy": ["rollingUpdate": ["maxUnavailable": 2]]], nil
            ),
            ("StatefulSet", ["replicas": 1], "one replica"), ("StatefulSet", ["replicas": 2], nil),
            ("StatefulSet", ["updateStrategy": ["type": "OnDelete"]], "one replica"),
            ("ReplicaSet", ["replicas": 1], "one replica"),
            ("ReplicationController", [:], "one replica"), ("Rollout", [:], "one replica"),
            ("DaemonSet", ["updateStrategy": ["type": "OnDelete"]], nil),
        ] as [(String, JSON, String?)])
    func `a last pod that goes before the next one comes is a downtime`(
        kind: String, spec: JSON, downtime: String?
    ) {
        let owner = OwnerReference(kind: kind, namespace: "shop", name: "x")
        let workload = Workload(owner: owner, object: ["spec": spec], pods: [])
        #expect(Downtime(of: workload)?.words == downtime)
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

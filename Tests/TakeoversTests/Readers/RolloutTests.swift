import FleetModel
import Testing

@testable import Takeovers

@Suite struct RolloutTests {
    @Test(arguments: [
        ("deployment-ready", "done"), ("deployment-restarted-progressing", "waiting"),
        ("deployment-restarted-not-yet-observed", "waiting"),
        ("deployment-progress-deadline-exceeded", "failed"), ("deployment-paused", "paused"),
        ("deployment-scaled-to-zero", "done"), ("statefulset-ondelete", "manual"),
        ("statefulset-partitioned", "partial"), ("daemonset-ready", "done"),
        ("rollout-argo", "done"),
    ])
    func `a workload's state is read as kubectl would`(sample: String, word: String) throws {
        let workload = try Fixture.sample(sample, in: "workloads")
        let rollout = Rollout(of: workload, kind: workload["kind"]?.string ?? "")
        #expect(rollout.word == word)
        #expect((rollout.complaint == nil) == (word == "done"))
    }

    @Test(
        arguments: [
            (["phase": "Healthy"], "waiting"),
            (["phase": "Healthy", "restartedAt": "2025-05-20T09:41:07Z"], "done"),
            (["phase": "Progressing", "restartedAt": "2025-05-20T09:41:07Z"], "waiting"),
            (["phase": "Degraded", "restartedAt": "2025-05-20T09:41:07Z"], "failed"),
            (["phase": "Paused", "restartedAt": "2025-05-20T09:41:07Z"], "paused"),
            (["restartedAt": "2025-05-20T09:41:07Z"], "waiting"),
        ] as [([String: String], String)])
    func `an Argo Rollout is done when its restart is through and it is healthy`(
        status: [String: String], word: String
    ) throws {
        var rollout = try Fixture.sample("rollout-argo", in: "workloads")
        rollout["status"] = JSON(status.merging(["observedGeneration": "4"]) { $1 })
        #expect(Rollout(of: rollout, kind: "Rollout").word == word)
        rollout[path: ["metadata", "generation"]] = 5
        #expect(Rollout(of: rollout, kind: "Rollout").word == "waiting")
    }

    @Test(arguments: ["Job", "CronJob", "Pod", "ReplicaSet", "Kafka"])
    func `other kinds have no rollout to read`(kind: String) {
        #expect(Rollout(of: [:], kind: kind) == .unsupported(kind))
    }

    @Test func `numbers beyond reason do no harm`() {
        let status: JSON = [
            "replicas": .int(.max), "updatedReplicas": .int(.min),
            "availableReplicas": .double(1e300),
        ]
        let workload: JSON = ["spec": ["replicas": .int(.max)], "status": status]
        for kind in ["Deployment", "StatefulSet", "DaemonSet", "Rollout", "DeploymentConfig"] {
            #expect(Rollout(of: workload, kind: kind) != .failed(""))
        }
    }
}

extension Rollout {
    fileprivate var word: String {
        switch self {
        case .done: "done"
        case .waiting: "waiting"
        case .failed: "failed"
        case .paused: "paused"
        case .manual: "manual"
        case .partial: "partial"
        case .unsupported: "unsupported"
        }
    }
}

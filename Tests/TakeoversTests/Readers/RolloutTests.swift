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
        ("rollout-argo", "unsupported"),
    ])
    func `a workload's state is read as kubectl would`(sample: String, word: String) throws {
        let workload = try Fixture.sample(sample, in: "workloads")
        let rollout = Rollout(of: workload, kind: workload["kind"]?.string ?? "")
        #expect(rollout.word == word)
        #expect((rollout.complaint == nil) == (word == "done"))
    }

    @Test func `numbers beyond reason do no harm`() {
        let status: JSON = [
            "replicas": .int(.max), "updatedReplicas": .int(.min),
            "availableReplicas": .double(1e300),
        ]
        let workload: JSON = ["spec": ["replicas": .int(.max)], "status": status]
        for kind in ["Deployment", "StatefulSet", "DaemonSet"] {
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

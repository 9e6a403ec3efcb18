import FleetModel
import Testing

@testable import Takeovers

@Suite struct WorkloadsTests {
    private func workloads(
        _ pods: [JSON], replicaSets: [JSON] = [], owners: [String: [JSON]] = [:]
    ) -> Workloads {
        Workloads(pods: pods, replicaSets: replicaSets, owners: owners)
    }

    @Test(arguments: ["Deployment", "Rollout"])
    func `a pod belongs to the controller of its ReplicaSet`(kind: String) throws {
        let pod = try Fixture.sample("rollout-argo", in: "pods")
        let reference: JSON = ["kind": .string(kind), "name": "checkout", "controller": true]
        let set: JSON = [
            "metadata": [
                "name": "checkout-l4mtfrcd4", "namespace": .string(pod.namespace),
                "ownerReferences": [reference],
            ]
        ]
        let owner = workloads([pod], replicaSets: [set]).all.first?.owner
        #expect(owner == OwnerReference(kind: kind, namespace: pod.namespace, name: "checkout"))
    }

    @Test(arguments: [
        ("bare-pod", "a bare pod"), ("job-running", "a Job's pods"),
    ])
    func `what cannot be restarted says why`(sample: String, reason: String) throws {
        let pod = try Fixture.sample(sample, in: "pods")
        let workload = try #require(workloads([pod]).all.first)
        #expect(workload.obstacle?.contains(reason) == true)
    }

    @Test(arguments: ["statefulset-ondelete-old", "rollout-argo"])
    func `an owner that was not read yet makes another look worth while`(sample: String) throws {
        let pod = try Fixture.sample(sample, in: "pods")
        #expect(workloads([pod]).all.first?.isUnclear == true)
    }

    @Test func `a ReplicaSet that nobody controls is no reason to look again`() throws {
        let pod = try Fixture.sample("rollout-argo", in: "pods")
        let set: JSON = [
            "metadata": [
                "name": "checkout-l4mtfrcd4", "namespace": .string(pod.namespace),
            ]
        ]
        #expect(workloads([pod], replicaSets: [set]).all.first?.isUnclear == false)
    }

    @Test(arguments: [
        ("statefulset-partitioned", "StatefulSet", "partition"),
        ("deployment-paused", "Deployment", "paused"),
    ])
    func `a strategy that keeps old pods is an obstacle`(
        sample: String, kind: String, reason: String
    ) throws {
        let object = try Fixture.sample(sample, in: "workloads")
        let owner = OwnerReference(kind: kind, namespace: "shop", name: "x")
        let workload = Workload(owner: owner, object: object, pods: [])
        #expect(workload.obstacle?.contains(reason) == true)
    }

    @Test func `a completed Job's pod is not there any more`() throws {
        #expect(workloads([try Fixture.sample("job-completed", in: "pods")]).all.isEmpty)
    }

    @Test func `a terminating pod still counts, but not as one that stays`() throws {
        let workload = try #require(
            workloads([try Fixture.sample("terminating-old", in: "pods")]).all.first)
        #expect(workload.isInMesh)
        #expect(workload.injectedPods.isEmpty)
    }

    @Test func `a healthy DaemonSet can be restarted`() throws {
        let pod = try Fixture.sample("daemonset", in: "pods")
        var object = try Fixture.sample("daemonset-ready", in: "workloads")
        object[path: ["metadata", "name"]] = "logger"
        object[path: ["metadata", "namespace"]] = .string(pod.namespace)
        let workload = workloads([pod], owners: ["DaemonSet": [object]]).all.first
        #expect(workload?.owner.resource == "daemonset/logger")
        #expect(workload?.obstacle == nil)
    }
}

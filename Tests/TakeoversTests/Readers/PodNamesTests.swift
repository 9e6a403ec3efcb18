import FleetModel
import Testing

@testable import Takeovers

/// By which names people may mean a pod.
struct PodNamesTests {
    private func pod(
        by kind: String, _ name: String, labels: JSON = [:], annotations: JSON = [:]
    ) -> Pod {
        let owner: JSON = ["kind": .string(kind), "name": .string(name), "controller": true]
        return Pod([
            "metadata": [
                "name": "web-1", "namespace": "shop", "labels": labels,
                "annotations": annotations, "ownerReferences": [owner],
            ]
        ])
    }

    @Test(arguments: ["pod-template-hash", "rollouts-pod-template-hash"])
    func `a ReplicaSet's author is known by the template's hash`(label: String) {
        let named = pod(by: "ReplicaSet", "web-6b7c", labels: [label: "6b7c"])
        #expect(named.names == ["shop/web-1", "shop/web-6b7c", "shop/web"])
    }

    @Test func `a DeploymentConfig is noted on its pods`() {
        let named = pod(
            by: "ReplicationController", "web-3",
            annotations: ["openshift.io/deployment-config.name": "web"])
        #expect(named.names == ["shop/web-1", "shop/web-3", "shop/web"])
    }

    @Test func `nobody's name is guessed`() {
        let names = ["shop/web-1", "shop/web-6b7c"]
        #expect(pod(by: "ReplicaSet", "web-6b7c").names == names)
        #expect(
            pod(by: "ReplicaSet", "web-6b7c", labels: ["pod-template-hash": "b7c"]).names == names)
        #expect(
            pod(by: "StatefulSet", "web-6b7c", labels: ["pod-template-hash": "6b7c"]).names == names
        )
        #expect(Pod(["metadata": ["name": "web-1", "namespace": "shop"]]).names == ["shop/web-1"])
    }
}

import FleetModel
import Testing

@testable import Takeovers

extension World {
    /// A cluster where all is moved but the pods of one more owner.
    static func straggler(
        _ kind: String, pods: [String] = ["db-0", "db-1"], _ change: (inout JSON) -> Void = { _ in }
    ) throws -> World {
        var world = try World("60")
        let old = try #require(
            try World("40").cluster.first {
                $0["kind"] == "Pod" && $0.name.hasPrefix("details-v1")
            })
        var owner: JSON = [
            "kind": .string(kind), "metadata": ["name": "db", "namespace": "bookinfo"],
            "spec": [
                "replicas": .int(Int64(pods.count)),
                "template": ["metadata": ["labels": ["app": "db"]]],
            ],
            "status": ["phase": "Healthy", "desiredNumberScheduled": .int(Int64(pods.count))],
        ]
        change(&owner)
        world.cluster.append(owner)
        let reference: JSON = ["kind": .string(kind), "name": "db", "controller": true]
        for name in pods {
            var pod = old
            pod[path: ["metadata", "name"]] = .string(name)
            pod[path: ["metadata", "uid"]] = .string("uid-of-\(name)")
            pod[path: ["metadata", "labels"]] = JSON(owner.template.labels)
            pod[path: ["metadata", "ownerReferences"]] = [reference]
            world.cluster.append(pod)
        }
        return world
    }
}

import FleetModel

@testable import Takeovers

/// Does what OpenShift's client would.
extension World {
    /// A checkpoint of the Gloo takeover, on an OpenShift with a DeploymentConfig of two pods.
    static func openShift(_ stage: String) throws -> World {
        var world = try World(stage)
        world.isOpenShift = true
        world.cluster.append([
            "kind": "SecurityContextConstraints", "metadata": ["name": "anyuid"],
            "groups": ["system:cluster-admins"],
        ])
        return world
    }

    /// A DeploymentConfig at version 3 in `bookinfo`, whose pods are injected as things stand.
    mutating func addDeploymentConfig(_ name: String) throws {
        cluster.append([
            "kind": "DeploymentConfig", "metadata": metadata(name, of: nil),
            "spec": ["replicas": 2, "template": ["metadata": ["labels": ["app": .string(name)]]]],
            "status": [
                "latestVersion": 3, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2,
            ],
        ])
        cluster.append([
            "kind": "ReplicationController",
            "metadata": metadata("\(name)-3", of: ("DeploymentConfig", name)),
        ])
        for pod in ["a", "b"] { addPod("\(name)-3-\(pod)", of: "\(name)-3") }
    }

    private func metadata(_ name: String, of owner: (kind: String, name: String)?) -> JSON {
        var metadata: JSON = [
            "name": .string(name), "namespace": "bookinfo", "resourceVersion": "1",
            "creationTimestamp": .string(now.rfc3339),
        ]
        if let owner {
            metadata["ownerReferences"] = [
                ["kind": .string(owner.kind), "name": .string(owner.name), "controller": true]
            ]
        }
        return metadata
    }

    private mutating func addPod(_ name: String, of controller: String) {
        let pod: JSON = [
            "kind": "Pod", "metadata": metadata(name, of: ("ReplicationController", controller)),
            "spec": ["containers": [["name": "app"]]],
            "status": [
                "phase": "Running", "conditions": [["type": "Ready", "status": "True"]],
            ],
        ]
        if case .found(let injected) = inject(pod, in: "bookinfo") { cluster.append(injected) }
    }

    mutating func runOpenShiftClient(_ command: Command) {
        let words = Array(command.argv.drop { $0 != "--request-timeout=30s" }.dropFirst())
        if words.starts(with: ["adm", "policy"]) {
            return bind(Array(words.dropFirst(4)), isAdded: words[2].hasPrefix("add"))
        }
        guard let target = words.first(where: { $0.hasPrefix("dc/") }) else { return }
        roll(String(target.dropFirst(3)))
    }

    /// The binding that `oc adm policy add-scc-to-group` makes, or what is left of it.
    private mutating func bind(_ groups: [String], isAdded: Bool) {
        let name = "system:openshift:scc:anyuid"
        if object("ClusterRoleBinding", name) == nil {
            cluster.append([
                "kind": "ClusterRoleBinding", "metadata": ["name": .string(name)],
                "roleRef": ["kind": "ClusterRole", "name": .string(name)], "subjects": [],
            ])
        }
        edit("ClusterRoleBinding", name) { binding in
            let others = binding.items("subjects").filter { subject in
                !groups.contains { subject["name"]?.string == $0 }
            }
            let added = groups.map { ["kind": "Group", "name": .string($0)] as JSON }
            binding["subjects"] = .array(others + (isAdded ? added : []))
        }
    }

    /// A rollout that is over at once.
    private mutating func roll(_ name: String) {
        guard let config = object("DeploymentConfig", name, in: "bookinfo") else { return }
        let old = config.status["latestVersion"]?.int ?? 0
        edit("DeploymentConfig", name, in: "bookinfo") {
            $0[path: ["status", "latestVersion"]] = .int(Int64(old + 1))
        }
        cluster.removeAll {
            OwnerReference(controllerOf: $0)?.name == "\(name)-\(old)" && $0["kind"] == "Pod"
        }
        let version = "\(name)-\(old + 1)"
        cluster.append([
            "kind": "ReplicationController",
            "metadata": metadata(version, of: ("DeploymentConfig", name)),
        ])
        for pod in ["c", "d"] { addPod("\(version)-\(pod)", of: version) }
    }
}

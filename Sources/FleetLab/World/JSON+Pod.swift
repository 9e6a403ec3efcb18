import FleetModel

/// What controllers ask a pod.
extension JSON {
    var phase: String { self[path: ["status", "phase"]]?.string ?? "Pending" }
    var isFinished: Bool { phase == "Succeeded" || phase == "Failed" }
    /// Whether the pod counts for its owner: one that is ending doesn't.
    var isActive: Bool { !isTerminating && !isFinished }
    var isReady: Bool { hasCondition("Ready") }

    func hasCondition(_ type: String) -> Bool {
        (self[path: ["status", "conditions"]]?.array ?? []).contains {
            $0["type"]?.string == type && $0["status"]?.string == "True"
        }
    }

    /// The node it is on; nothing while it has none.
    var nodeName: String { self[path: ["spec", "nodeName"]]?.string ?? "" }

    /// The name of what the pod is restarted through: of a ReplicaSet's pod, the Deployment.
    var workloadName: String {
        guard let owner = controllerReference else { return name }
        let name = owner["name"]?.string ?? ""
        let hash = labels["pod-template-hash"] ?? labels[ArgoRollout.hashKey]
        guard owner["kind"]?.string == "ReplicaSet", let hash,
            name.hasSuffix("-" + hash)
        else { return name }
        return String(name.dropLast(hash.count + 1))
    }

    /// A whole number at a path, or zero.
    func count(_ path: String...) -> Int { self[path: path]?.int ?? 0 }
}

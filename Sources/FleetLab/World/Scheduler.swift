import FleetModel

/// Gives every pod a node.
struct Scheduler: Controller {
    let watches: Set<String> = ["pods", "nodes"]

    func reconcile(_ scene: inout Scene) {
        let nodes = scene.list("nodes").map(\.name)
        guard !nodes.isEmpty else { return }
        for pod in scene.list("pods") where pod[path: ["spec", "nodeName"]]?.string == nil {
            guard pod.isActive else { continue }
            var chance = scene.chance(pod.uid)
            let node = nodes[chance.number(in: 0...nodes.count - 1)]
            scene.update(ObjectKey("pods", namespace: pod.namespace, name: pod.name)) {
                $0[path: ["spec", "nodeName"]] = .string(node)
            }
        }
    }
}

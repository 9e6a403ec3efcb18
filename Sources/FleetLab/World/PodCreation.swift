import FleetModel

/// Creates single pods for an owner; a refused one is tried again after a pause.
struct PodCreation: Sendable {
    let owner: JSON
    let component: String

    func create(_ pod: JSON, _ scene: inout Scene) {
        let node = pod[path: ["spec", "nodeName"]]?.string ?? ""
        let wait = "create/\(owner.uid)/\(pod.name)\(node)"
        if scene.waits.knows(wait), !scene.waits.isOver(wait, after: scene.pace.createRetry) {
            return
        }
        do {
            try scene.store.create("pods", pod)
        } catch {
            scene.waits.restart(wait)
            _ = scene.waits.isOver(wait, after: scene.pace.createRetry)
            guard error.reason != "AlreadyExists" else { return }
            EventRecorder.warn(
                about: owner, "FailedCreate", message(pod, error), by: component, &scene)
        }
    }

    private func message(_ pod: JSON, _ error: StatusError) -> String {
        guard !pod.name.isEmpty else { return "Error creating: \(error.message)" }
        let kind = owner["kind"]?.string ?? ""
        return "create Pod \(pod.name) in \(kind) \(owner.name) failed error: \(error.message)"
    }
}

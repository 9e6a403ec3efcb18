import FleetModel

/// While the fault lasts, somebody else keeps writing to the lifecycle managers,
/// so that a patch that tests a resourceVersion loses most races.
struct ConflictStorm: Controller {
    let watches: Set<String> = []

    func reconcile(_ scene: inout Scene) {
        guard scene.faults.stormsConflicts else { return }
        let store = scene.management ?? scene.store
        guard scene.waits.isOver("storm", after: scene.pace.conflictStorm) else { return }
        for resource in [GlooKinds.controlPlanes, GlooKinds.gateways] {
            for object in store.list(resource) { touch(object, resource, store, scene.now) }
        }
        scene.waits.restart("storm")
        _ = scene.waits.isOver("storm", after: scene.pace.conflictStorm)
    }

    private func touch(_ object: JSON, _ resource: String, _ store: ClusterStore, _ now: LabTime) {
        let key = ObjectKey(resource, namespace: object.namespace, name: object.name)
        // Who lost the race to this writer is the point; that the writer loses one is not.
        _ = try? store.update(key) {
            $0[path: ["metadata", "annotations", "lab.bellwether/touched"]] =
                .string(String(now.milliseconds))
        }
    }
}

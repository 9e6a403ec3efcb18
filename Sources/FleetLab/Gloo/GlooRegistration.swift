import FleetModel

/// Accepts every KubernetesCluster that somebody registers.
struct GlooRegistration: Controller {
    let watches: Set<String> = [GlooKinds.clusters]

    func reconcile(_ scene: inout Scene) {
        for cluster in scene.list(GlooKinds.clusters) {
            guard cluster[path: ["status", "common", "State", "approval"]] == nil else { continue }
            let key = ObjectKey(
                GlooKinds.clusters, namespace: cluster.namespace, name: cluster.name)
            scene.update(key, status: true) {
                $0["status"] = [
                    "common": ["State": ["approval": "ACCEPTED", "observedGeneration": "1"]]
                ]
            }
        }
    }
}

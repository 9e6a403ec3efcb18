import FleetModel

/// Gloo's agent in a workload cluster: it reads the lifecycle managers of the
/// management cluster and walks each installation from one state to the next.
///
///     (none) ▶ PENDING ▶ INSTALLING_CONTROLLER ▶ INSTALLING_CONTROL_PLANE ▶ HEALTHY
///     (none) ▶ PENDING ▶ INSTALLING_GATEWAY ▶ HEALTHY       UNHEALTHY ◀──▶ HEALTHY
///     edited: HEALTHY for a while yet ▶ UPDATING_… ▶ HEALTHY
///     taken out: UNINSTALLING_… ▶ UNINSTALLED_… ▶ (none)
struct GlooAgent: Controller {
    let watches: Set<String> = [
        "deployments.apps", "namespaces", IstioOperatorResource.resource,
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    ]
    let managementWatches: Set<String> = [
        GlooKinds.controlPlanes, GlooKinds.gateways, GlooKinds.clusters,
    ]

    func reconcile(_ scene: inout Scene) {
        guard let management = scene.management, !scene.faults.stopsGloo,
            isAccepted(in: management, scene)
        else { return }
        for kind in GlooInstallation.Kind.allCases {
            let managers = management.list(kind.resource, namespace: GlooKinds.space)
            for manager in managers where !manager.isTerminating {
                lead(kind, manager, management, &scene)
            }
            removeOrphans(of: kind, managers, &scene)
        }
    }

    private func isAccepted(in management: ClusterStore, _ scene: Scene) -> Bool {
        let key = ObjectKey(
            GlooKinds.clusters, namespace: GlooKinds.space, name: scene.store.cluster)
        let approval = management.get(key)?[path: ["status", "common", "State", "approval"]]
        return approval?.string == "ACCEPTED"
    }

    private func lead(
        _ kind: GlooInstallation.Kind, _ manager: JSON, _ management: ClusterStore,
        _ scene: inout Scene
    ) {
        let cluster = scene.store.cluster
        let wanted = GlooInstallation.all(of: kind, in: manager, for: cluster)
        let statuses =
            manager[path: ["status", "clusters", cluster, "installations"]]?.object ?? [:]
        for installation in wanted {
            GlooWalk(
                installation: installation, status: statuses[installation.revision],
                management: management
            ).step(&scene)
        }
        let revisions = Set(wanted.map(\.revision))
        for revision in statuses.keys.sorted() where !revisions.contains(revision) {
            let gone = GlooInstallation(
                kind: kind, manager: manager.name, cluster: cluster, revision: revision,
                entry: [:], wish: [:])
            GlooRemoval(
                installation: gone, status: statuses[revision], management: management
            ).step(&scene)
        }
    }

    /// Takes away what belonged to lifecycle managers that were deleted as a whole.
    private func removeOrphans(
        of kind: GlooInstallation.Kind, _ managers: [JSON], _ scene: inout Scene
    ) {
        let names = Set(managers.filter { !$0.isTerminating }.map(\.name))
        for resource in scene.list(IstioOperatorResource.resource) {
            guard resource.labels[GlooInstallation.kindLabel] == kind.noun.lowercased(),
                let manager = resource.labels[GlooInstallation.managerLabel],
                !names.contains(manager)
            else { continue }
            let revision = resource[path: ["spec", "revision"]]?.string ?? ""
            let gone = GlooInstallation(
                kind: kind, manager: manager, cluster: scene.store.cluster, revision: revision,
                entry: [:], wish: [:])
            GlooRemoval(installation: gone, status: nil, management: nil).takeAway(&scene)
        }
    }
}

import FleetModel

/// A management cluster: Gloo's server, and the workload clusters registered with it.
struct ManagementSetup: Sendable {
    let cluster: LabCluster
    /// The names of the registered clusters.
    let registered: [String]
    let store: ClusterStore

    func build() throws(StatusError) {
        try ClusterFoundation(cluster: cluster, store: store).build()
        for definition in CustomResources.gloo {
            try store.create("customresourcedefinitions.apiextensions.k8s.io", definition)
        }
        try store.create("namespaces", Manifest.namespace(GlooKinds.space))
        let server = LabWorkload(
            name: "gloo-mesh-mgmt-server", kind: .deployment(replicas: 1), version: "2.1.2")
        try store.create("deployments.apps", server.workload(in: GlooKinds.space))
        for name in registered {
            try store.create(
                GlooKinds.clusters,
                Manifest.make(
                    "admin.gloo.solo.io/v2", "KubernetesCluster", name, in: GlooKinds.space,
                    ["spec": ["clusterDomain": "cluster.local"]]))
        }
    }
}

import FleetModel

/// What every cluster has before anything is installed in it.
struct ClusterFoundation: Sendable {
    let cluster: LabCluster
    let store: ClusterStore

    var nodes = 3

    func build() throws(StatusError) {
        for number in 1...nodes { try store.create("nodes", node(number)) }
        try store.create("deployments.apps", coreDNS)
    }

    private func node(_ number: Int) -> JSON {
        let name = "\(cluster.hostName)-node-\(number)"
        let room: JSON = ["cpu": "16", "memory": "64Gi", "pods": "250"]
        return Manifest.make(
            "v1", "Node", name,
            labels: [
                "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64", "topology.kubernetes.io/region": cluster.region,
                "topology.kubernetes.io/zone": "\(cluster.region)-\(number)",
            ],
            [
                "spec": ["providerID": .string("lab://\(name)")],
                "status": [
                    "capacity": room, "allocatable": room,
                    "addresses": [["type": "InternalIP", "address": "192.168.1.10"]],
                    "conditions": [
                        [
                            "type": "Ready", "status": "True", "reason": "KubeletReady",
                            "message": "kubelet is posting ready status",
                        ]
                    ],
                    "nodeInfo": [
                        "kubeletVersion": "v1.27.9", "operatingSystem": "linux",
                        "architecture": "amd64", "containerRuntimeVersion": "lab://1",
                    ],
                ],
            ])
    }

    private var coreDNS: JSON {
        LabWorkload(name: "coredns", kind: .deployment(replicas: 2)).workload(in: "kube-system")
    }
}

/// One Kubernetes cluster of the inventory, workload or management.
public struct Cluster: Hashable, Sendable, Codable {
    public let name: ClusterName
    /// The context in ``kubeconfig`` that leads to the cluster.
    public var context: KubeContext
    /// Path of the kubeconfig file; `nil` leaves the choice to kubectl.
    public var kubeconfig: String?
    /// The management cluster that lists this one, if it has one.
    public var management: ClusterName?
    /// What the management plane calls the cluster: Gloo's `KubernetesCluster` name.
    public var registeredName: String
    /// The host through which the cluster is reached; `nil` when it is reached directly.
    public var bastion: BastionName?
    public var region: String?
    public var labels: [String: String]
    /// Where the cluster comes within its wave; clusters without one come after, by name.
    public var order: Int?
    /// Why the cluster must be left alone for now, if it must.
    public var hold: String?
    /// Preflight checks whose findings do not keep the cluster from its takeover, each with
    /// the reason. `nil` without any: plans keep the hash they always had.
    public var waivers: [String: String]?
    /// Paths of tools where this cluster's commands run, by tool name.
    public var tools: [String: String]
    /// The UID of its kube-system namespace, where an earlier run has seen it: the first contact
    /// of this one is held against it.
    public var identity: String?

    public init(
        _ name: ClusterName, context: KubeContext? = nil, kubeconfig: String? = nil,
        management: ClusterName? = nil, registeredName: String? = nil,
        bastion: BastionName? = nil, region: String? = nil, labels: [String: String] = [:],
        order: Int? = nil, hold: String? = nil, waivers: [String: String]? = nil,
        tools: [String: String] = [:], identity: String? = nil
    ) {
        self.name = name
        self.context = context ?? KubeContext(name.rawValue)
        self.kubeconfig = kubeconfig
        self.management = management
        self.registeredName = registeredName ?? name.rawValue
        self.bastion = bastion
        self.region = region
        self.labels = labels
        self.order = order
        self.hold = hold
        self.waivers = waivers
        self.tools = tools
        self.identity = identity
    }
}

extension Cluster {
    /// Whether the cluster comes before another one within a wave: by order, then by name.
    public func precedes(_ other: Cluster) -> Bool {
        (order ?? .max, name) < (other.order ?? .max, other.name)
    }
}

/// The keys of an inventory file.
enum InventoryKey: String, ConfigurationKey {
    case defaults, management, clusters, bastions, regions
}

/// The keys of a cluster, workload or management.
enum ClusterKey: String, ConfigurationKey {
    case name, context, kubeconfig, management, registeredName, region, labels, order, hold
    case waivers, bastion, tools

    /// The keys that mean something for a management cluster: no plan changes one, so that
    /// it has no order to be changed in.
    static let ofManagement: [ClusterKey] = [
        .name, .context, .kubeconfig, .region, .labels, .bastion, .tools,
    ]

    /// The keys that may be the same for every cluster.
    static let ofDefaults: [ClusterKey] = [
        .kubeconfig, .management, .region, .labels, .bastion, .tools,
    ]
}

enum BastionKey: String, ConfigurationKey {
    case name, host, ssh, port, user, identityFiles, certificateFile, agent, via
    case knownHosts, hostKey, hostKeyPolicy, maxConnections, channelsPerConnection
    case environment, tools, jobsDirectory
}

enum RegionKey: String, ConfigurationKey {
    case bastion
}

/// The tools whose path an inventory may give.
enum Tool: String, ConfigurationKey {
    case kubectl, istioctl, helm, flux, oc, dig
}

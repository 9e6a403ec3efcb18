import FleetModel

/// The columns of `kubectl get nodes`.
enum NodeColumns {
    static let all: [TableColumn] = [
        .name,
        TableColumn("Status") { node, _ in .string(status(of: node)) },
        TableColumn("Roles") { node, _ in .string(roles(of: node)) },
        .age,
        .text("Version", "status", "nodeInfo", "kubeletVersion"),
        TableColumn("Internal-IP", priority: 1) { node, _ in .string(address(of: node)) },
        .text("OS-Image", priority: 1, "status", "nodeInfo", "osImage"),
        .text("Kernel-Version", priority: 1, "status", "nodeInfo", "kernelVersion"),
        .text("Container-Runtime", priority: 1, "status", "nodeInfo", "containerRuntimeVersion"),
    ]

    private static func status(of node: JSON) -> String {
        let ready = (node["status"]?["conditions"]?.array ?? []).first { $0["type"] == "Ready" }
        let word = ready == nil ? "Unknown" : ready?["status"] == "True" ? "Ready" : "NotReady"
        return node["spec"]?["unschedulable"] == true ? word + ",SchedulingDisabled" : word
    }

    private static func roles(of node: JSON) -> String {
        let prefix = "node-role.kubernetes.io/"
        let roles = node.labels.keys.filter { $0.hasPrefix(prefix) }.sorted()
            .map { String($0.dropFirst(prefix.count)) }
        return roles.isEmpty ? "<none>" : roles.joined(separator: ",")
    }

    private static func address(of node: JSON) -> String {
        let addresses = node["status"]?["addresses"]?.array ?? []
        return addresses.first { $0["type"] == "InternalIP" }?["address"]?.string ?? "<none>"
    }
}

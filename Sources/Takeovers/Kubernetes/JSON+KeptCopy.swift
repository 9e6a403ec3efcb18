import FleetModel

extension JSON {
    /// The object without what a server adds, so that it could be applied once more.
    ///
    /// Items of a list do not say what they are. What kubectl noted of an earlier application
    /// would only double it, and the address of a Service within the cluster may be another's.
    func keptCopy(apiVersion: String, kind: String) -> JSON {
        var metadata: JSON = ["name": .string(name), "namespace": .string(namespace)]
        let noted = annotations.filter {
            $0.key != "kubectl.kubernetes.io/last-applied-configuration"
        }
        if !labels.isEmpty { metadata["labels"] = JSON(labels) }
        if !noted.isEmpty { metadata["annotations"] = JSON(noted) }
        var spec = spec
        if kind == "Service" { (spec["clusterIP"], spec["clusterIPs"]) = (nil, nil) }
        return [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata,
            "spec": spec,
        ]
    }
}

import FleetModel

/// Puts Kubernetes objects together.
enum Manifest {
    /// An object without what the API server adds; without a namespace when it belongs
    /// to the whole cluster.
    static func make(
        _ apiVersion: String, _ kind: String, _ name: String, in space: String? = nil,
        labels: [String: String] = [:], annotations: [String: String] = [:],
        _ content: [String: JSON] = [:]
    ) -> JSON {
        var metadata: JSON = ["name": .string(name)]
        if let space, !space.isEmpty { metadata["namespace"] = .string(space) }
        if !labels.isEmpty { metadata["labels"] = JSON(labels) }
        if !annotations.isEmpty { metadata["annotations"] = JSON(annotations) }
        var object = content
        object["apiVersion"] = .string(apiVersion)
        object["kind"] = .string(kind)
        object["metadata"] = metadata
        return .object(object)
    }

    static func namespace(_ name: String, labels: [String: String] = [:]) -> JSON {
        make("v1", "Namespace", name, labels: labels)
    }

    static func serviceAccount(_ name: String, in space: String, labels: [String: String]) -> JSON {
        make("v1", "ServiceAccount", name, in: space, labels: labels)
    }

    /// The reference by which `owner` manages what carries it.
    static func reference(to owner: JSON) -> JSON {
        [
            "apiVersion": owner["apiVersion"] ?? "", "kind": owner["kind"] ?? "",
            "name": .string(owner.name), "uid": .string(owner.uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
    }

    /// An environment variable of a container.
    static func variable(_ name: String, _ value: String) -> JSON {
        ["name": .string(name), "value": .string(value)]
    }

    /// An environment variable that takes a field of the pod.
    static func variable(_ name: String, field: String) -> JSON {
        [
            "name": .string(name),
            "valueFrom": ["fieldRef": ["apiVersion": "v1", "fieldPath": .string(field)]],
        ]
    }
}

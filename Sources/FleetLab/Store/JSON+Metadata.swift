import FleetModel

/// What every Kubernetes object has.
extension JSON {
    var metadata: JSON {
        get { self["metadata"] ?? [:] }
        set { self["metadata"] = newValue }
    }

    var name: String { self["metadata"]?["name"]?.string ?? "" }
    var namespace: String { self["metadata"]?["namespace"]?.string ?? "" }
    var uid: String { self["metadata"]?["uid"]?.string ?? "" }
    var resourceVersion: String { self["metadata"]?["resourceVersion"]?.string ?? "" }
    var generation: Int { self["metadata"]?["generation"]?.int ?? 0 }
    var labels: [String: String] { self["metadata"]?["labels"]?.strings ?? [:] }
    var annotations: [String: String] { self["metadata"]?["annotations"]?.strings ?? [:] }
    var isTerminating: Bool { self["metadata"]?["deletionTimestamp"]?.string != nil }

    var finalizers: [String] {
        get { self["metadata"]?["finalizers"]?.array?.compactMap(\.string) ?? [] }
        set {
            metadata["finalizers"] = nil
            if !newValue.isEmpty { metadata["finalizers"] = .array(newValue.map(JSON.string)) }
        }
    }

    var ownerReferences: [JSON] { self["metadata"]?["ownerReferences"]?.array ?? [] }
    var ownerIDs: [String] { ownerReferences.compactMap { $0["uid"]?.string } }

    /// Leaves out what every API server does where it is empty (apimachinery, `ObjectMeta`:
    /// `omitempty`).
    mutating func dropEmptyMetadata() {
        for field in ["labels", "annotations", "finalizers", "ownerReferences"] {
            let value = self["metadata"]?[field]
            if value?.object?.isEmpty ?? value?.array?.isEmpty ?? false { metadata[field] = nil }
        }
    }

    /// The owner that manages this object, if one does.
    var controllerReference: JSON? {
        ownerReferences.first { $0["controller"]?.bool == true }
    }
}

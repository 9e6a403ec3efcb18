import FleetModel

/// Answers what the asker may do. These kinds are asked by creating them; nothing is stored.
enum AccessReview {
    /// - Returns: `nil` when the call is about an ordinary kind.
    static func respond(to call: ResourceCall) throws(StatusError) -> APIResponse? {
        switch call.type.id {
        case "selfsubjectaccessreviews.authorization.k8s.io":
            var review = try call.request.document()
            review["status"] = status(of: review["spec"] ?? [:], in: call.store)
            return APIResponse(code: 201, identified(review, call))
        case "selfsubjectrulesreviews.authorization.k8s.io":
            var review = try call.request.document()
            review["status"] = everything
            return APIResponse(code: 201, identified(review, call))
        default: return nil
        }
    }

    private static func identified(_ review: JSON, _ call: ResourceCall) -> JSON {
        var document = review
        document["apiVersion"] = .string(call.type.apiVersion(of: call.path.version))
        document["kind"] = .string(call.type.kind)
        document["metadata"] = ["creationTimestamp": nil]
        return document
    }

    private static func status(of spec: JSON, in store: ClusterStore) -> JSON {
        let attributes = spec["resourceAttributes"] ?? [:]
        let group = attributes["group"]?.string ?? ""
        let plural = attributes["resource"]?.string ?? ""
        let type = group.isEmpty ? plural : "\(plural).\(group)"
        let subresource = attributes["subresource"]?.string.map { "/\($0)" } ?? ""
        let isAllowed = AccessCheck.isAllowed(
            attributes["verb"]?.string ?? "", type + subresource,
            namespace: attributes["namespace"]?.string ?? "", in: store)
        return isAllowed
            ? ["allowed": true, "reason": "RBAC: allowed by ClusterRoleBinding \"lab-admin\""]
            : ["allowed": false]
    }

    private static let everything: JSON = [
        "incomplete": false,
        "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
        "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]],
    ]
}

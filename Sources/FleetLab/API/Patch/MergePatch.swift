import FleetModel

/// A patch that is laid over the document (RFC 7386): null deletes, lists are replaced.
enum MergePatch {
    static func applied(_ patch: JSON, to document: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members = document.object ?? [:]
        for (key, change) in changes {
            // A `nil` in one expression with a JSON would be JSON's null.
            if change.isNull {
                members[key] = nil
            } else {
                members[key] = applied(change, to: members[key] ?? .null)
            }
        }
        return .object(members)
    }
}

/// A path below `/api` or `/apis`, taken apart.
struct ResourcePath: Hashable, Sendable {
    /// Empty for the core group.
    var group: String
    var version: String
    var plural: String
    /// Empty when the path names none.
    var namespace = ""
    var name: String?
    var subresource: String?
    /// Whether the path is of the old form `/api/v1/watch/…`.
    var isWatch = false

    /// - Returns: `nil` when the path stops before a resource.
    init?(_ segments: [String]) {
        guard let root = segments.first, root == "api" || root == "apis" else { return nil }
        var rest = segments.dropFirst(root == "api" ? 1 : 2)
        group = root == "api" ? "" : segments.count > 1 ? segments[1] : ""
        guard let version = rest.popFirst() else { return nil }
        self.version = version
        if rest.first == "watch" {
            isWatch = true
            rest = rest.dropFirst()
        }
        // `/namespaces/x` is the namespace x itself, or one of its two subresources.
        let isInside = rest.count >= 3 && rest.first == "namespaces"
        let third = rest.dropFirst(2).first
        if isInside, !(rest.count == 3 && (third == "status" || third == "finalize")) {
            namespace = rest.dropFirst().first ?? ""
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.popFirst() else { return nil }
        self.plural = plural
        name = rest.popFirst()
        subresource = rest.popFirst()
        // A proxy's own path may follow; nothing else has more than a subresource.
    }

    var id: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

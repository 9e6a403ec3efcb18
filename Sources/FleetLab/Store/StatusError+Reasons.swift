public import FleetModel

extension StatusError {
    public static func notFound(_ resource: String, _ name: String) -> StatusError {
        StatusError(
            code: 404, reason: "NotFound", message: "\(resource) \(name.jsonQuoted) not found",
            details: details(resource, name))
    }

    /// The path names a kind that this server doesn't have.
    public static let unknownResource = StatusError(
        code: 404, reason: "NotFound",
        message: "the server could not find the requested resource", details: [:])

    public static func alreadyExists(_ resource: String, _ name: String) -> StatusError {
        StatusError(
            code: 409, reason: "AlreadyExists",
            message: "\(resource) \(name.jsonQuoted) already exists",
            details: details(resource, name))
    }

    public static func conflict(
        _ resource: String, _ name: String,
        _ why: String = "the object has been modified; please apply your changes to the latest"
            + " version and try again"
    ) -> StatusError {
        StatusError(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \(name.jsonQuoted): \(why)",
            details: details(resource, name))
    }

    public static func forbidden(_ resource: String, _ name: String, _ why: String) -> StatusError {
        let subject = name.isEmpty ? resource : "\(resource) \(name.jsonQuoted)"
        return StatusError(
            code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(why)",
            details: details(resource, name))
    }

    public static func badRequest(_ message: String) -> StatusError {
        StatusError(code: 400, reason: "BadRequest", message: message)
    }

    public static func internalError(_ why: String) -> StatusError {
        StatusError(
            code: 500, reason: "InternalError", message: "Internal error occurred: \(why)",
            details: ["causes": [["message": .string(why)]]])
    }

    /// The history that a watch or a page needs is no longer kept.
    public static func expired(_ version: Int, oldest: Int) -> StatusError {
        StatusError(
            code: 410, reason: "Expired",
            message: "too old resource version: \(version) (\(oldest))")
    }

    public static let methodNotAllowed = StatusError(
        code: 405, reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource", details: [:])

    public static func unsupportedMediaType(accepted: [String]) -> StatusError {
        StatusError(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types"
                + " include: " + accepted.joined(separator: ", "))
    }

    /// A patch that doesn't fit the object; Kubernetes doesn't tell which part.
    public static let unprocessablePatch = StatusError(
        code: 422, reason: "Invalid",
        message: "the server rejected our request due to an error in our request", details: [:])

    public static func tooManyRequests(_ message: String, causes: [JSON] = []) -> StatusError {
        StatusError(
            code: 429, reason: "TooManyRequests", message: message,
            details: causes.isEmpty ? [:] : ["causes": .array(causes)])
    }

    public static func tooLarge(limit: Int) -> StatusError {
        StatusError(
            code: 413, reason: "RequestEntityTooLarge",
            message: "Request entity too large: limit is \(limit)")
    }

    /// The object breaks rules of its kind; every broken rule is told.
    public static func invalid(
        _ type: ResourceType, _ name: String, _ problems: [FieldProblem]
    ) -> StatusError {
        let texts = problems.map(\.text)
        let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        let kind = type.group.isEmpty ? type.kind : "\(type.kind).\(type.group)"
        var details: JSON = [
            "name": .string(name), "kind": .string(type.kind),
            "causes": .array(problems.map(\.cause)),
        ]
        if !type.group.isEmpty { details["group"] = .string(type.group) }
        return StatusError(
            code: 422, reason: "Invalid",
            message: "\(kind) \(name.jsonQuoted) is invalid: \(list)", details: details)
    }

    /// `details` for a resource id and a name: Kubernetes tells the plural as the kind.
    static func details(_ resource: String, _ name: String) -> JSON {
        let parts = resource.split(separator: ".", maxSplits: 1)
        var details: JSON = ["kind": .string(parts.first.map(String.init) ?? resource)]
        if !name.isEmpty { details["name"] = .string(name) }
        if parts.count == 2 { details["group"] = .string(String(parts[1])) }
        return details
    }
}

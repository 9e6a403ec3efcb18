public import FleetModel

/// Why an API server refused, in the words of Kubernetes.
///
/// Reasons, codes and messages are those of k8s.io/apimachinery's
/// `pkg/api/errors`: kubectl prints them and operators search for them.
public struct StatusError: Error, Hashable, Sendable {
    /// The HTTP status code.
    public var code: Int
    /// The reason a program looks at, such as `NotFound`.
    public var reason: String
    public var message: String
    /// `details` of the Status, or null.
    public var details: JSON

    public init(code: Int, reason: String, message: String, details: JSON = .null) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The `Status` object that goes over the wire.
    public var status: JSON {
        var status: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": .string(message), "code": .int(Int64(code)),
        ]
        if !reason.isEmpty { status["reason"] = .string(reason) }
        if !details.isNull { status["details"] = details }
        return status
    }
}

extension StatusError: CustomStringConvertible {
    public var description: String { message }
}

public import FleetModel

/// One broken rule of one field, as the causes of an `Invalid` status list them.
public struct FieldProblem: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case required = "FieldValueRequired"
        case invalid = "FieldValueInvalid"
        case forbidden = "FieldValueForbidden"
        case duplicate = "FieldValueDuplicate"
        case notSupported = "FieldValueNotSupported"
        case notFound = "FieldValueNotFound"
        case tooLong = "FieldValueTooLong"
    }

    public var kind: Kind
    /// The field's path, such as `spec.template.metadata.labels`.
    public var field: String
    /// The value as it is shown, if there is one.
    public var value: JSON?
    /// What is wrong; empty when the kind says it all.
    public var why: String

    public init(_ kind: Kind, _ field: String, value: JSON? = nil, _ why: String = "") {
        self.kind = kind
        self.field = field
        self.value = value
        self.why = why
    }

    var text: String { "\(field): \(message)" }

    var cause: JSON {
        [
            "reason": .string(kind.rawValue), "message": .string(message),
            "field": .string(field),
        ]
    }

    private var message: String {
        let shown = value.map { ": \($0.description)" } ?? ""
        let head =
            switch kind {
            case .required: "Required value"
            case .invalid: "Invalid value" + shown
            case .forbidden: "Forbidden"
            case .duplicate: "Duplicate value" + shown
            case .notSupported: "Unsupported value" + shown
            case .notFound: "Not found" + shown
            case .tooLong: "Too long"
            }
        return why.isEmpty ? head : "\(head): \(why)"
    }
}

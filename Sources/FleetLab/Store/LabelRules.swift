import FleetModel

/// What labels and annotations may look like.
enum LabelRules {
    static func problems(of object: JSON) -> [FieldProblem] {
        labelProblems(object["metadata"]?["labels"], "metadata.labels")
            + annotationProblems(object["metadata"]?["annotations"])
    }

    static func labelProblems(_ labels: JSON?, _ field: String) -> [FieldProblem] {
        (labels?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { key, value in
            if !isQualifiedName(key) {
                return FieldProblem(.invalid, field, value: .string(key), nameRule)
            }
            guard let text = value.string, isLabelValue(text) else {
                return FieldProblem(.invalid, field, value: value, valueRule)
            }
            return nil
        }
    }

    /// Kubernetes allows 256 KiB of annotations in all: the reason that big definitions
    /// cannot be applied by the client.
    private static let annotationLimit = 262_144

    private static func annotationProblems(_ annotations: JSON?) -> [FieldProblem] {
        let members = annotations?.object ?? [:]
        let size = members.reduce(0) { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }
        guard size > annotationLimit else { return [] }
        return [
            FieldProblem(
                .tooLong, "metadata.annotations",
                "may not be more than \(annotationLimit) bytes")
        ]
    }

    /// A name of up to 63 characters, behind an optional DNS prefix and a slash.
    static func isQualifiedName(_ key: String) -> Bool {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last, !name.isEmpty else { return false }
        return (parts.count == 1 || NameRules.isSubdomain(parts[0])) && isWord(name)
    }

    static func isLabelValue(_ value: String) -> Bool { value.isEmpty || isWord(value) }

    private static func isWord(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else {
            return false
        }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static let nameRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
        + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex"
        + " used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    private static let valueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
        + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
        + " 'my_value',  or '12345', regex used for validation is"
        + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
}

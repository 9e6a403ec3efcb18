import FleetModel

/// What names may look like (k8s.io/apimachinery `pkg/util/validation`).
enum NameRules {
    static func problems(of object: JSON, as type: ResourceType) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if object.name.isEmpty {
            problems.append(
                FieldProblem(.required, "metadata.name", "name or generateName is required"))
        } else if let why = fault(in: object.name, as: type) {
            problems.append(
                FieldProblem(.invalid, "metadata.name", value: .string(object.name), why))
        }
        if type.isNamespaced, object.namespace.isEmpty {
            problems.append(FieldProblem(.required, "metadata.namespace"))
        }
        return problems
    }

    /// What is wrong with a name of this kind, or `nil`.
    static func fault(in name: String, as type: ResourceType) -> String? {
        switch type.id {
        case "services": isLabel(name, startsWithLetter: true) ? nil : serviceName
        case "namespaces": isLabel(name) ? nil : labelName
        // RBAC names are path segments: Kubernetes' own have colons.
        case _ where type.group == "rbac.authorization.k8s.io":
            name.contains("/") || name == "." || name == ".." ? "may not contain '/'" : nil
        default: isSubdomain(name) ? nil : subdomainName
        }
    }

    /// A DNS label of RFC 1123: up to 63 of a-z, 0-9 and inner hyphens.
    static func isLabel(_ name: some StringProtocol, startsWithLetter: Bool = false) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else {
            return false
        }
        let startsWell = startsWithLetter ? isLetter(first) : isAlphanumeric(first)
        return startsWell && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }

    /// DNS labels with dots between, up to 253 characters.
    static func isSubdomain(_ name: some StringProtocol) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                // A label inside a subdomain may be longer than 63 for the API server.
                let bytes = Array(part.utf8)
                guard let first = bytes.first, let last = bytes.last else { return false }
                return isAlphanumeric(first) && isAlphanumeric(last)
                    && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static let subdomainName =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
        + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
        + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?"
        + ")*')"

    private static let labelName =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
        + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
        + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    private static let serviceName =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
        + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
        + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
}

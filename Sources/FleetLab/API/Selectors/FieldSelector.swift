import FleetModel

/// A question over fields, such as `metadata.name=a,status.phase!=Running`.
struct FieldSelector: Sendable {
    private struct Requirement: Sendable {
        var path: [String]
        var value: String
        var isEqual: Bool
    }

    private let requirements: [Requirement]

    /// Reads the notation of `fieldSelector=`.
    ///
    /// - Throws: 400 for a field that the kind can't be asked for.
    init(text: String, for type: ResourceType) throws(StatusError) {
        var requirements: [Requirement] = []
        for part in text.split(separator: ",") {
            requirements.append(try Self.requirement(String(part), in: text, for: type))
        }
        self.requirements = requirements
    }

    func matches(_ object: JSON) -> Bool {
        requirements.allSatisfy { requirement in
            (Self.text(object[path: requirement.path]) == requirement.value) == requirement.isEqual
        }
    }

    private static func requirement(
        _ part: String, in text: String, for type: ResourceType
    ) throws(StatusError) -> Requirement {
        let sign = part.contains("!=") ? "!=" : part.contains("==") ? "==" : "="
        let sides = part.split(separator: sign, maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
        }
        let field = String(sides[0])
        guard fields(of: type).contains(field) else {
            throw .badRequest(
                "Unable to find \"\(type.group)/\(type.version), Resource=\(type.plural)\" that"
                    + " match label selector \"\", field selector \(text.jsonQuoted):"
                    + " field label not supported: \(field)")
        }
        return Requirement(
            path: field.split(separator: ".").map(String.init), value: String(sides[1]),
            isEqual: sign != "!=")
    }

    /// A field as the selector sees it: absent ones are empty.
    private static func text(_ value: JSON?) -> String {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .bool(let flag): String(flag)
        default: ""
        }
    }

    private static func fields(of type: ResourceType) -> [String] {
        let common = ["metadata.name"] + (type.isNamespaced ? ["metadata.namespace"] : [])
        return common + (fieldsByKind[type.id] ?? [])
    }

    private static let fieldsByKind: [String: [String]] = [
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
            "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
            "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
        "jobs.batch": ["status.successful"],
        "namespaces": ["status.phase"],
        "nodes": ["spec.unschedulable"],
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "replicasets.apps": ["status.replicas"],
        "replicationcontrollers": ["status.replicas"],
        "secrets": ["type"],
        "services": ["spec.clusterIP", "spec.type"],
    ]
}

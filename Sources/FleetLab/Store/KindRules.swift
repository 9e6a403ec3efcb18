import FleetModel

/// The rules of single kinds: those whose breach a client is likely to meet.
enum KindRules {
    static func problems(of object: JSON, as type: ResourceType) -> [FieldProblem] {
        switch type.id {
        case "pods": podProblems(object["spec"], "spec")
        case "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps":
            workloadProblems(object)
        case "services": serviceProblems(object)
        case "customresourcedefinitions.apiextensions.k8s.io": definitionProblems(object)
        default: []
        }
    }

    private static func workloadProblems(_ workload: JSON) -> [FieldProblem] {
        let spec = workload["spec"]
        let replicas = spec?["replicas"]?.int ?? 0
        var problems: [FieldProblem] = []
        if replicas < 0 {
            problems.append(
                FieldProblem(
                    .invalid, "spec.replicas", value: .int(Int64(replicas)),
                    "must be greater than or equal to 0"))
        }
        return problems + selectorProblems(spec)
            + podProblems(spec?["template"]?["spec"], "spec.template.spec")
    }

    private static func selectorProblems(_ spec: JSON?) -> [FieldProblem] {
        guard let selector = spec?["selector"], selector != [:] else {
            return [FieldProblem(.required, "spec.selector")]
        }
        let labels = spec?["template"]?["metadata"]?["labels"] ?? [:]
        guard LabelSelector(selector)?.matches(labels.strings) != true else { return [] }
        return [
            FieldProblem(
                .invalid, "spec.template.metadata.labels", value: labels,
                "`selector` does not match template `labels`")
        ]
    }

    private static func podProblems(_ spec: JSON?, _ field: String) -> [FieldProblem] {
        let containers = spec?["containers"]?.array ?? []
        guard !containers.isEmpty else { return [FieldProblem(.required, "\(field).containers")] }
        var seen: Set<String> = []
        return containers.enumerated().flatMap { index, container -> [FieldProblem] in
            let place = "\(field).containers[\(index)]"
            let name = container["name"]?.string ?? ""
            var problems: [FieldProblem] = []
            if name.isEmpty {
                problems.append(FieldProblem(.required, "\(place).name"))
            } else if !seen.insert(name).inserted {
                problems.append(FieldProblem(.duplicate, "\(place).name", value: .string(name)))
            }
            if container["image"]?.string ?? "" == "" {
                problems.append(FieldProblem(.required, "\(place).image"))
            }
            return problems
        }
    }

    private static func serviceProblems(_ service: JSON) -> [FieldProblem] {
        let spec = service["spec"]
        let isExternal = spec?["type"] == "ExternalName"
        if spec?["ports"]?.array ?? [] == [], !isExternal, spec?["clusterIP"] != "None" {
            return [FieldProblem(.required, "spec.ports")]
        }
        let types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]
        guard let type = spec?["type"]?.string, !types.contains(type) else { return [] }
        return [
            FieldProblem(
                .notSupported, "spec.type", value: .string(type),
                "supported values: "
                    + types.sorted().map { $0.jsonQuoted }.joined(separator: ", "))
        ]
    }

    private static func definitionProblems(_ definition: JSON) -> [FieldProblem] {
        guard let type = ResourceType(definition: definition) else {
            return [FieldProblem(.required, "spec.versions", "must have one served version")]
        }
        guard type.id != definition.name else { return [] }
        return [
            FieldProblem(
                .invalid, "metadata.name", value: .string(definition.name),
                "must be spec.names.plural+\".\"+spec.group")
        ]
    }
}

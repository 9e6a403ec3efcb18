import FleetModel

/// What a change may not touch: the rules that need the object before and after.
enum UpdateRules {
    static func check(
        from before: JSON, to after: JSON, as type: ResourceType, _ subresource: String?
    ) throws(StatusError) {
        guard subresource == nil else { return }
        let problems = finalizerProblems(before, after) + kindProblems(before, after, type)
        guard problems.isEmpty else { throw .invalid(type, before.name, problems) }
    }

    private static func finalizerProblems(_ before: JSON, _ after: JSON) -> [FieldProblem] {
        guard before.isTerminating else { return [] }
        let new = after.finalizers.filter { !before.finalizers.contains($0) }
        guard !new.isEmpty else { return [] }
        let list = new.map { $0.jsonQuoted }.joined(separator: ", ")
        return [
            FieldProblem(
                .forbidden, "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new"
                    + " finalizers []string{\(list)}")
        ]
    }

    private static func kindProblems(
        _ before: JSON, _ after: JSON, _ type: ResourceType
    ) -> [FieldProblem] {
        switch type.id {
        case "deployments.apps", "daemonsets.apps", "replicasets.apps":
            immutable(["spec", "selector"], before, after)
        case "statefulsets.apps": statefulSetProblems(before, after)
        case "jobs.batch": immutable(["spec", "template"], before, after)
        case "pods": podProblems(before, after)
        default: []
        }
    }

    private static func immutable(
        _ path: [String], _ before: JSON, _ after: JSON
    ) -> [FieldProblem] {
        guard before[path: path] != after[path: path] else { return [] }
        return [
            FieldProblem(
                .invalid, path.joined(separator: "."), value: after[path: path] ?? .null,
                "field is immutable")
        ]
    }

    private static func statefulSetProblems(_ before: JSON, _ after: JSON) -> [FieldProblem] {
        let open = [
            "replicas", "ordinals", "template", "updateStrategy",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds", "revisionHistoryLimit",
        ]
        guard without(open, before["spec"]) != without(open, after["spec"]) else { return [] }
        return [
            FieldProblem(
                .forbidden, "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                    + " 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and"
                    + " 'minReadySeconds' are forbidden")
        ]
    }

    /// A pod's images and deadlines may change; its kubelet would not notice anything else.
    private static func podProblems(_ before: JSON, _ after: JSON) -> [FieldProblem] {
        guard fixedSpec(of: before) != fixedSpec(of: after) else { return [] }
        return [
            FieldProblem(
                .forbidden, "spec",
                "pod updates may not change fields other than `spec.containers[*].image`,"
                    + " `spec.initContainers[*].image`, `spec.activeDeadlineSeconds`,"
                    + " `spec.tolerations` (only additions to existing tolerations),"
                    + " `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                    + " previously negative)")
        ]
    }

    private static func fixedSpec(of pod: JSON) -> JSON? {
        var filled = pod
        PodDefaults.fill(&filled)
        filled.edit("spec") { spec in
            spec["activeDeadlineSeconds"] = nil
            spec["tolerations"] = nil
            spec.editEach("containers") { $0["image"] = nil }
            spec.editEach("initContainers") { $0["image"] = nil }
        }
        return filled["spec"]
    }

    private static func without(_ keys: [String], _ value: JSON?) -> JSON? {
        var copy = value
        for key in keys { copy?[key] = nil }
        return copy
    }
}

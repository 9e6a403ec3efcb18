import FleetModel

/// The columns of everything that makes pods, and of what watches over them.
enum WorkloadColumns {
    static let deployment: [TableColumn] =
        [
            .name, ready, .number("Up-to-date", "status", "updatedReplicas"),
            .number("Available", "status", "availableReplicas"), .age,
        ] + template

    static let replicaSet: [TableColumn] =
        [
            .name, .number("Desired", "spec", "replicas"),
            .number("Current", "status", "replicas"),
            .number("Ready", "status", "readyReplicas"), .age,
        ] + template

    static let statefulSet: [TableColumn] =
        [.name, ready, .age] + Array(template.prefix(2))

    static let daemonSet: [TableColumn] =
        [
            .name, .number("Desired", "status", "desiredNumberScheduled"),
            .number("Current", "status", "currentNumberScheduled"),
            .number("Ready", "status", "numberReady"),
            .number("Up-to-date", "status", "updatedNumberScheduled"),
            .number("Available", "status", "numberAvailable"),
            TableColumn("Node Selector") { object, _ in
                .string(labelText(object["spec"]?["template"]?["spec"]?["nodeSelector"]))
            }, .age,
        ] + template

    static let job: [TableColumn] = [
        .name,
        TableColumn("Completions") { job, _ in
            let done = job["status"]?["succeeded"]?.int ?? 0
            return .string("\(done)/\(job["spec"]?["completions"]?.int ?? 1)")
        },
        TableColumn("Duration") { job, now in .string(duration(of: job, now)) },
        .age,
    ]

    static let disruptionBudget: [TableColumn] = [
        .name, amount("Min Available", "minAvailable"), amount("Max Unavailable", "maxUnavailable"),
        .number("Allowed Disruptions", "status", "disruptionsAllowed"), .age,
    ]

    static let autoscaler: [TableColumn] = [
        .name,
        TableColumn("Reference") { object, _ in
            let target = object["spec"]?["scaleTargetRef"]
            return .string("\(target?["kind"]?.string ?? "")/\(target?["name"]?.string ?? "")")
        },
        TableColumn("MinPods") { object, _ in
            .string(object["spec"]?["minReplicas"]?.int.map(String.init) ?? "<unset>")
        },
        .number("MaxPods", "spec", "maxReplicas"),
        .number("Replicas", "status", "currentReplicas"), .age,
    ]

    private static let ready = TableColumn("Ready") { object, _ in
        let ready = object["status"]?["readyReplicas"]?.int ?? 0
        return .string("\(ready)/\(object["spec"]?["replicas"]?.int ?? 0)")
    }

    private static let template: [TableColumn] = [
        TableColumn("Containers", priority: 1) { object, _ in .string(container(object, "name")) },
        TableColumn("Images", priority: 1) { object, _ in .string(container(object, "image")) },
        TableColumn("Selector", priority: 1) { object, _ in
            .string(labelText(object["spec"]?["selector"]?["matchLabels"]))
        },
    ]

    private static func container(_ object: JSON, _ field: String) -> String {
        let containers = object["spec"]?["template"]?["spec"]?["containers"]?.array ?? []
        return containers.compactMap { $0[field]?.string }.joined(separator: ",")
    }

    static func labelText(_ labels: JSON?) -> String {
        let pairs = (labels?.strings ?? [:]).sorted { $0.key < $1.key }
        guard !pairs.isEmpty else { return "<none>" }
        return pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    private static func amount(_ name: String, _ field: String) -> TableColumn {
        TableColumn(name) { object, _ in
            let value = object["spec"]?[field]
            return .string(value?.string ?? value?.int.map(String.init) ?? "N/A")
        }
    }

    private static func duration(of job: JSON, _ now: LabTime) -> String {
        let status = job["status"]
        guard let start = status?["startTime"]?.string.flatMap(LabTime.init) else { return "" }
        let end = status?["completionTime"]?.string.flatMap(LabTime.init) ?? now
        return AgeText.text(seconds: Int((end - start) / 1000))
    }
}

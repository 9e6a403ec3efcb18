import FleetModel

/// Which columns a kind is printed in (kubernetes `pkg/printers/internalversion`).
enum TableColumns {
    static func of(_ type: ResourceType) -> [TableColumn] {
        if !type.columns.isEmpty {
            return [.name] + type.columns.map(column)
        }
        return byKind[type.id] ?? [.name, .age]
    }

    private static func column(_ declared: PrinterColumn) -> TableColumn {
        let path = ColumnPath(declared.path)
        return TableColumn(declared.name, type: declared.type, priority: declared.priority) {
            object, now in
            let value = path.value(in: object)
            guard declared.type == "date" else { return value ?? .null }
            return .string(AgeText.since(value?.string, now: now))
        }
    }

    private static let byKind: [String: [TableColumn]] = [
        "configmaps": [
            .name,
            TableColumn("Data", type: "integer") { object, _ in
                let count = (object["data"]?.object ?? [:]).count
                return .int(Int64(count + (object["binaryData"]?.object ?? [:]).count))
            },
            .age,
        ],
        "customresourcedefinitions.apiextensions.k8s.io": [
            .name, .text("Created At", "metadata", "creationTimestamp"),
        ],
        "daemonsets.apps": WorkloadColumns.daemonSet,
        "deployments.apps": WorkloadColumns.deployment,
        "events": EventColumns.all,
        "horizontalpodautoscalers.autoscaling": WorkloadColumns.autoscaler,
        "jobs.batch": WorkloadColumns.job,
        "leases.coordination.k8s.io": [.name, .text("Holder", "spec", "holderIdentity"), .age],
        "mutatingwebhookconfigurations.admissionregistration.k8s.io": webhooks,
        "namespaces": [.name, .text("Status", "status", "phase"), .age],
        "nodes": NodeColumns.all,
        "poddisruptionbudgets.policy": WorkloadColumns.disruptionBudget,
        "pods": PodColumns.all,
        "replicasets.apps": WorkloadColumns.replicaSet,
        "secrets": [
            .name, .text("Type", "type"),
            TableColumn("Data", type: "integer") { object, _ in
                .int(Int64((object["data"]?.object ?? [:]).count))
            },
            .age,
        ],
        "services": ServiceColumns.all,
        "statefulsets.apps": WorkloadColumns.statefulSet,
        "validatingwebhookconfigurations.admissionregistration.k8s.io": webhooks,
    ]

    private static let webhooks: [TableColumn] = [
        .name,
        TableColumn("Webhooks", type: "integer") { object, _ in
            .int(Int64((object["webhooks"]?.array ?? []).count))
        },
        .age,
    ]
}

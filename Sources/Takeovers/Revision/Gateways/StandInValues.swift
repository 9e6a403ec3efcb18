import FleetModel

/// The values of a second release of Istio's gateway chart whose pods stand beside those of a
/// first one, behind its Service.
///
/// The chart has a Deployment select, and name as its own, whatever the Service selects: `app`
/// and `istio`. Each of the two knows its pods by their ReplicaSets all the same.
struct StandInValues: Hashable, Sendable {
    /// What the first release was given.
    let given: JSON
    let service: JSON
    let deployment: JSON
    let replicas: Int

    var values: JSON {
        var values = given
        // The Deployment is called as the release is.
        values["name"] = nil
        values["labels"] = JSON(labels)
        values[path: ["service", "type"]] = "None"
        values["serviceAccount"] = ["create": false, "name": .string(account)]
        values["rbac"] = ["enabled": false]
        values["replicaCount"] = .int(Int64(replicas))
        // Two autoscalers over pods that both select measure nothing (`AmbiguousSelector`).
        values["autoscaling"] = ["enabled": false]
        // The first one's budget selects these pods, too; no pod of two budgets can be evicted.
        values["podDisruptionBudget"] = nil
        return values
    }

    /// By these the Service finds its pods.
    private var labels: [String: String] {
        (given["labels"]?.strings ?? [:])
            .merging(service.spec["selector"]?.strings ?? [:]) { $1 }
    }

    /// Policies know a gateway by its service account, so it keeps that.
    private var account: String {
        deployment.template[path: ["spec", "serviceAccountName"]]?.nonEmpty ?? "default"
    }
}

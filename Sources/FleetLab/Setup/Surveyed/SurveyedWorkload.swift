import FleetModel

/// An owner of pods as it was surveyed.
struct SurveyedWorkload: Sendable {
    let owner: ClusterSurvey.Owner

    /// The type of its object; `nil` for kinds that no controller of the lab knows.
    var resource: String? {
        switch owner.kind {
        case "Deployment": "deployments.apps"
        case "StatefulSet": "statefulsets.apps"
        case "DaemonSet": "daemonsets.apps"
        case "ReplicaSet": "replicasets.apps"
        case "Job": "jobs.batch"
        case "Pod": "pods"
        default: nil
        }
    }

    var object: JSON {
        var object = base.workload(in: owner.namespace)
        switch owner.kind {
        case "ReplicaSet": object["kind"] = "ReplicaSet"
        case "Job": object = job
        default: break
        }
        apply(traits, to: &object)
        return object
    }

    private var traits: ClusterSurvey.Owner.Traits { owner.traits ?? .init() }

    private var base: LabWorkload {
        LabWorkload(name: owner.name, kind: kind, podLabels: traits.injection)
    }

    private var kind: LabWorkload.Kind {
        let replicas = traits.replicas ?? owner.pods
        return switch owner.kind {
        case "StatefulSet": .statefulSet(replicas: replicas)
        case "DaemonSet": .daemonSet
        case "Pod": .barePod
        default: .deployment(replicas: replicas)
        }
    }

    /// A Job that was running goes on for ten minutes from when the lab lives. One that only its
    /// sidecar kept from its end has a proxy that nobody tells.
    private var job: JSON {
        var spec = base.podSpec
        spec["restartPolicy"] = "Never"
        let isHeld = traits.isHeldBySidecars == true
        if !isHeld, var container = spec["containers"]?[0] {
            container["command"] = ["sh", "-c", "work && quitquitquit"]
            spec["containers"] = [container]
        }
        let annotations: JSON =
            isHeld ? [:] : [Kubelet.workKey: .string("\(StartingClock.age + 600)")]
        return Manifest.make(
            "batch/v1", "Job", owner.name, in: owner.namespace,
            [
                "spec": [
                    "template": [
                        "metadata": [
                            "labels": JSON(base.podMetadata), "annotations": annotations,
                        ], "spec": spec,
                    ]
                ]
            ])
    }

    private func apply(_ traits: ClusterSurvey.Owner.Traits, to object: inout JSON) {
        if traits.isOnHostNetwork {
            let pod = owner.kind == "Pod" ? ["spec"] : ["spec", "template", "spec"]
            object[path: pod + ["hostNetwork"]] = true
        }
        switch owner.kind {
        case "Deployment":
            guard traits.strategy == "Recreate" else { return }
            object[path: ["spec", "strategy"]] = ["type": "Recreate"]
        case "StatefulSet", "DaemonSet":
            if traits.strategy == "OnDelete" {
                object[path: ["spec", "updateStrategy"]] = ["type": "OnDelete"]
            } else if let partition = traits.partition {
                object[path: ["spec", "updateStrategy"]] = [
                    "type": "RollingUpdate",
                    "rollingUpdate": ["partition": .int(Int64(partition))],
                ]
            }
        default: break
        }
    }
}

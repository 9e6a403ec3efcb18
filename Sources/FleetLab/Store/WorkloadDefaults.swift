import FleetModel

/// The defaults of everything that makes pods from a template.
enum WorkloadDefaults {
    static func fill(_ workload: inout JSON, as type: ResourceType) {
        workload.setDefault("status", [:])
        workload.edit("spec") { spec in
            spec.edit("template") { PodDefaults.fillTemplate(&$0) }
            switch type.id {
            case "deployments.apps": fillDeployment(&spec)
            case "statefulsets.apps": fillStatefulSet(&spec)
            case "daemonsets.apps": fillDaemonSet(&spec)
            case "jobs.batch": fillJob(&spec)
            case "cronjobs.batch": fillCronJob(&spec)
            default: spec.setDefault("replicas", 1)
            }
        }
    }

    private static func fillDeployment(_ spec: inout JSON) {
        spec.setDefault("replicas", 1)
        spec.setDefault("progressDeadlineSeconds", 600)
        spec.setDefault("revisionHistoryLimit", 10)
        spec.setDefault("strategy", [:])
        spec.edit("strategy") { strategy in
            strategy.setDefault("type", "RollingUpdate")
            guard strategy["type"] == "RollingUpdate" else { return }
            strategy.setDefault("rollingUpdate", [:])
            strategy.edit("rollingUpdate") {
                $0.setDefault("maxSurge", "25%")
                $0.setDefault("maxUnavailable", "25%")
            }
        }
    }

    private static func fillStatefulSet(_ spec: inout JSON) {
        spec.setDefault("replicas", 1)
        spec.setDefault("podManagementPolicy", "OrderedReady")
        spec.setDefault("revisionHistoryLimit", 10)
        spec.setDefault("serviceName", "")
        spec.setDefault("updateStrategy", [:])
        spec.edit("updateStrategy") { strategy in
            strategy.setDefault("type", "RollingUpdate")
            guard strategy["type"] == "RollingUpdate" else { return }
            strategy.setDefault("rollingUpdate", [:])
            strategy.edit("rollingUpdate") { $0.setDefault("partition", 0) }
        }
    }

    private static func fillDaemonSet(_ spec: inout JSON) {
        spec.setDefault("revisionHistoryLimit", 10)
        spec.setDefault("updateStrategy", [:])
        spec.edit("updateStrategy") { strategy in
            strategy.setDefault("type", "RollingUpdate")
            guard strategy["type"] == "RollingUpdate" else { return }
            strategy.setDefault("rollingUpdate", [:])
            strategy.edit("rollingUpdate") {
                $0.setDefault("maxSurge", 0)
                $0.setDefault("maxUnavailable", 1)
            }
        }
    }

    private static func fillJob(_ spec: inout JSON) {
        spec.setDefault("backoffLimit", 6)
        spec.setDefault("completionMode", "NonIndexed")
        spec.setDefault("completions", 1)
        spec.setDefault("parallelism", 1)
        spec.setDefault("suspend", false)
    }

    private static func fillCronJob(_ spec: inout JSON) {
        spec.setDefault("concurrencyPolicy", "Allow")
        spec.setDefault("failedJobsHistoryLimit", 1)
        spec.setDefault("successfulJobsHistoryLimit", 3)
        spec.setDefault("suspend", false)
        spec.edit("jobTemplate") { job in
            job.edit("spec") { $0.edit("template") { PodDefaults.fillTemplate(&$0) } }
        }
    }
}

import FleetModel

/// Runs Jobs to their end. CronJobs start none of their own in the lab.
struct JobController: Controller {
    let watches: Set<String> = ["jobs.batch", "pods"]

    func reconcile(_ scene: inout Scene) {
        for job in scene.list("jobs.batch") where !job.isTerminating {
            guard !job.hasCondition("Complete") else { continue }
            if scene.pods(of: job).isEmpty { start(job, &scene) }
            report(job, &scene)
        }
    }

    private func start(_ job: JSON, _ scene: inout Scene) {
        guard job[path: ["spec", "suspend"]]?.bool != true else { return }
        let pod = PodFactory(owner: job).pod(labels: [
            "job-name": job.name, "controller-uid": job.uid,
        ])
        PodCreation(owner: job, component: "job-controller").create(pod, &scene)
    }

    private func report(_ job: JSON, _ scene: inout Scene) {
        let pods = scene.pods(of: job)
        let succeeded = pods.filter { $0.phase == "Succeeded" }.count
        let active = pods.filter(\.isActive).count
        var status = job["status"] ?? [:]
        let now = JSON.string(scene.now.timestamp)
        status["startTime"] = status["startTime"] ?? now
        status["active"] = active > 0 ? .int(Int64(active)) : nil
        status["succeeded"] = succeeded > 0 ? .int(Int64(succeeded)) : nil
        if succeeded >= 1 {
            var conditions: [JSON] = []
            Condition("Complete", true, "CompletionsReached", "").set(
                in: &conditions, now: scene.now)
            status["conditions"] = .array(conditions)
            status["completionTime"] = now
        }
        guard status != job["status"] else { return }
        let key = ObjectKey("jobs.batch", namespace: job.namespace, name: job.name)
        scene.update(key, status: true) { $0["status"] = status }
    }
}

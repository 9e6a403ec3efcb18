import FleetModel

/// The nodes of a cluster: takes pods to Running and Ready, ends those of Jobs,
/// and lets deleted ones go.
///
///     Pending ── start ──▶ Running ── ready ──▶ Ready ── (Job) ──▶ Succeeded
///        └──────────────── deleted: Terminating, serving ─────────▶ gone
struct Kubelet: Controller {
    let watches: Set<String> = ["pods"]

    func reconcile(_ scene: inout Scene) {
        for pod in scene.list("pods") where pod[path: ["spec", "nodeName"]]?.string != nil {
            if pod.isTerminating {
                end(pod, &scene)
            } else if !pod.isFinished, pod.stage != .completed {
                lead(pod, &scene)
            }
        }
    }

    /// A terminating pod stays Ready, with the proxy it has, until its containers have ended.
    private func end(_ pod: JSON, _ scene: inout Scene) {
        let grace = Int64(pod.count("metadata", "deletionGracePeriodSeconds")) * 1000
        let stop = min(grace, scene.duration(scene.pace.podStop, pod.uid + "/stop"))
        guard scene.waits.isOver(pod.uid + "/stop", after: stop) else { return }
        scene.store.remove(ObjectKey("pods", namespace: pod.namespace, name: pod.name))
    }

    private func lead(_ pod: JSON, _ scene: inout Scene) {
        let stage = stage(of: pod, &scene)
        guard let stage, pod.stage != stage else { return }
        var status = PodStatus(pod: pod, now: scene.now, address: address(of: pod, scene))
        if stage == .completed, let call = PodCall(pod) {
            status.lastWords = (call.container, call.message(&scene))
        }
        let next = status.at(stage)
        let key = ObjectKey("pods", namespace: pod.namespace, name: pod.name)
        scene.update(key, status: true) { $0["status"] = next }
    }

    /// Where the pod should be by now; `nil` leaves it where it is.
    private func stage(of pod: JSON, _ scene: inout Scene) -> PodStatus.Stage? {
        let start = scene.duration(scene.pace.podStart, pod.uid + "/start")
        guard scene.waits.isOver(pod.uid + "/start", after: pod.phase == "Running" ? 0 : start)
        else { return nil }
        let trouble =
            scene.faults.trouble(of: pod) ?? NetworkAgent.trouble(of: pod, scene)
            ?? TunnelPod.trouble(of: pod, &scene)
        if case .waiting(let reason, let message) = trouble, !pod.isReady {
            return .waiting(reason: reason, message: message)
        }
        if case .down = trouble { return .running }
        if trouble == .neverReady, !pod.isReady { return .running }
        guard pod.phase == "Running" else { return .running }
        let ready = scene.duration(scene.pace.podReady, pod.uid + "/ready")
        guard pod.isReady || scene.waits.isOver(pod.uid + "/ready", after: ready) else {
            return nil
        }
        return isDone(pod, &scene) ? .completed : .ready
    }

    /// The annotation by which a pod of a Job says for how many seconds it works.
    static let workKey = "bellwether.lab/works-for"

    private func isDone(_ pod: JSON, _ scene: inout Scene) -> Bool {
        let isJob = pod.controllerReference?["kind"]?.string == "Job"
        let call = PodCall(pod)
        guard isJob || call != nil else { return false }
        let work = pod.annotations[Self.workKey].flatMap { Int64($0) }.map { $0 * 1000 }
        guard scene.waits.isOver(pod.uid + "/job", after: work ?? scene.pace.jobRun) else {
            return false
        }
        guard let call, !call.isAnswered(&scene) else { return true }
        return scene.waits.isOver(pod.uid + "/calls", after: call.patience)
    }

    private func address(of pod: JSON, _ scene: Scene) -> String {
        var chance = scene.chance(pod.uid + "/address")
        let parts = [64...127, 0...255, 1...254].map { chance.number(in: $0) }
        return "10.\(parts[0]).\(parts[1]).\(parts[2])"
    }
}

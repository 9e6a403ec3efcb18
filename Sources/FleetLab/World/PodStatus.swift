import FleetModel

/// Writes the status of a pod as a kubelet does.
struct PodStatus: Sendable {
    /// How far a pod has come.
    enum Stage: Hashable, Sendable {
        case pending
        /// The containers can't start, for a reason such as `ImagePullBackOff`.
        case waiting(reason: String, message: String)
        case running
        case ready
        /// The containers of a Job have ended, but for a sidecar that knows of no end.
        case completed
    }

    let pod: JSON
    let now: LabTime
    let address: String
    /// What one of its containers leaves behind when it ends.
    var lastWords: (container: String, message: String)?

    /// Reasons that keep a pod from ever having run.
    private static let imageReasons: Set<String> = ["ImagePullBackOff", "ErrImagePull"]

    func at(_ stage: Stage) -> JSON {
        var status = pod["status"] ?? [:]
        let addressed = pod[path: ["status", "podIP"]] ?? .string(address)
        status["phase"] = .string(phase(at: stage))
        status["startTime"] = status["startTime"] ?? .string(now.timestamp)
        status["hostIP"] = "192.168.1.10"
        status["podIP"] = addressed
        status["podIPs"] = [["ip": addressed]]
        status["qosClass"] = "Burstable"
        status["conditions"] = .array(conditions(at: stage))
        status["containerStatuses"] = .array(containers("containers").map { container($0, stage) })
        let initializers = containers("initContainers").map { initializer($0, stage) }
        if !initializers.isEmpty { status["initContainerStatuses"] = .array(initializers) }
        return status
    }

    private func phase(at stage: Stage) -> String {
        switch stage {
        case .pending: "Pending"
        case .waiting(let reason, _): Self.imageReasons.contains(reason) ? "Pending" : "Running"
        case .running, .ready: "Running"
        case .completed: sidecars.isEmpty ? "Succeeded" : "Running"
        }
    }

    private func containers(_ list: String) -> [JSON] { pod["spec"]?[list]?.array ?? [] }

    /// Proxies that are ordinary containers and so outlive the others, unless they are told.
    private var sidecars: [JSON] {
        guard !tellsProxy else { return [] }
        return containers("containers").filter { $0["name"]?.string == IstioProxy.container }
    }

    /// Jobs that know of their proxy end it through pilot-agent's `quitquitquit`.
    private var tellsProxy: Bool {
        containers("containers").flatMap { $0["command"]?.array ?? [] }.contains {
            $0.string?.contains("quitquitquit") ?? false
        }
    }

    private func conditions(at stage: Stage) -> [JSON] {
        var conditions = pod[path: ["status", "conditions"]]?.array ?? []
        let isReady = stage == .ready
        let reason = stage == .completed ? "PodCompleted" : isReady ? "" : "ContainersNotReady"
        let states: [(String, Bool, String)] = [
            ("PodScheduled", true, ""), ("Initialized", true, ""),
            ("ContainersReady", isReady, reason), ("Ready", isReady, reason),
        ]
        for state in states {
            Condition(state.0, state.1, state.2, "").set(in: &conditions, now: now)
        }
        return conditions.map(Self.tidied)
    }

    /// Pods' conditions have no `lastUpdateTime`, and no reason while all is well.
    private static func tidied(_ condition: JSON) -> JSON {
        var condition = condition
        condition["lastUpdateTime"] = nil
        for key in ["reason", "message"] where condition[key]?.string == "" { condition[key] = nil }
        return condition
    }

    private func container(_ spec: JSON, _ stage: Stage) -> JSON {
        let isSidecar = spec["name"]?.string == IstioProxy.container
        let isOver = stage == .completed && (!isSidecar || tellsProxy)
        let isReady = stage == .ready || stage == .completed && !isOver
        var status = base(spec, isReady: isReady)
        status["state"] = isOver ? ended(spec["name"]?.string) : running
        if case .waiting(let reason, let message) = stage {
            status["state"] = ["waiting": ["reason": .string(reason), "message": .string(message)]]
            if reason == "CrashLoopBackOff" { status["restartCount"] = 3 }
        }
        return status
    }

    private func initializer(_ spec: JSON, _ stage: Stage) -> JSON {
        guard spec["restartPolicy"]?.string == "Always" else {
            var status = base(spec, isReady: true)
            status["state"] = ended(nil)
            return status
        }
        var status = base(spec, isReady: stage == .ready)
        status["state"] = stage == .completed ? ended(nil) : running
        return status
    }

    private func base(_ spec: JSON, isReady: Bool) -> JSON {
        let image = spec["image"]?.string ?? ""
        return [
            "name": spec["name"] ?? "", "image": .string(image),
            "imageID": .string("lab://\(image)"),
            "containerID": .string("lab://\(pod.uid)/\(spec["name"]?.string ?? "")"),
            "ready": .bool(isReady), "started": .bool(isReady), "restartCount": 0,
        ]
    }

    private var running: JSON {
        let started = pod[path: ["status", "startTime"]] ?? .string(now.timestamp)
        return ["running": ["startedAt": started]]
    }

    private func ended(_ container: String?) -> JSON {
        var state: JSON = [
            "exitCode": 0, "reason": "Completed", "finishedAt": .string(now.timestamp),
        ]
        if let lastWords, lastWords.container == container {
            state["message"] = .string(lastWords.message)
        }
        return ["terminated": state]
    }
}

extension JSON {
    /// How far this pod's status says it has come.
    var stage: PodStatus.Stage {
        let statuses = self[path: ["status", "containerStatuses"]]?.array ?? []
        if let waiting = statuses.lazy.compactMap({ $0[path: ["state", "waiting"]] }).first {
            return .waiting(
                reason: waiting["reason"]?.string ?? "", message: waiting["message"]?.string ?? "")
        }
        if statuses.contains(where: { $0[path: ["state", "terminated"]] != nil }) {
            return .completed
        }
        if isReady { return .ready }
        return phase == "Running" ? .running : .pending
    }
}

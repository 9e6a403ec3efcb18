import FleetModel

/// The columns of `kubectl get pods`.
enum PodColumns {
    static let all: [TableColumn] = [
        .name,
        TableColumn("Ready") { pod, _ in .string(ready(pod)) },
        TableColumn("Status") { pod, _ in .string(status(pod)) },
        TableColumn("Restarts") { pod, _ in .string(String(restarts(pod))) },
        .age,
        wide("IP", "status", "podIP"),
        wide("Node", "spec", "nodeName"),
        wide("Nominated Node", "status", "nominatedNodeName"),
        TableColumn("Readiness Gates", priority: 1) { _, _ in "<none>" },
    ]

    private static func wide(_ name: String, _ path: String...) -> TableColumn {
        TableColumn(name, priority: 1) { pod, _ in
            let text = pod[path: path]?.string ?? ""
            return text.isEmpty ? "<none>" : .string(text)
        }
    }

    private static func containers(_ pod: JSON) -> [JSON] {
        pod["status"]?["containerStatuses"]?.array ?? []
    }

    /// Init containers that stay on beside the others, as native sidecars do.
    private static func sidecars(_ pod: JSON) -> [JSON] {
        let names = (pod["spec"]?["initContainers"]?.array ?? [])
            .filter { $0["restartPolicy"] == "Always" }.compactMap { $0["name"] }
        return initContainers(pod).filter { names.contains($0["name"] ?? .null) }
    }

    private static func initContainers(_ pod: JSON) -> [JSON] {
        pod["status"]?["initContainerStatuses"]?.array ?? []
    }

    private static func ready(_ pod: JSON) -> String {
        let lasting = (pod["spec"]?["initContainers"]?.array ?? [])
            .filter { $0["restartPolicy"] == "Always" }.count
        let total = (pod["spec"]?["containers"]?.array ?? []).count + lasting
        let ready = (containers(pod) + sidecars(pod)).filter { $0["ready"] == true }.count
        return "\(ready)/\(total)"
    }

    private static func restarts(_ pod: JSON) -> Int {
        (containers(pod) + sidecars(pod)).reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
    }

    /// The one word that says how the pod is.
    private static func status(_ pod: JSON) -> String {
        if pod.isTerminating {
            return pod["status"]?["reason"] == "NodeLost" ? "Unknown" : "Terminating"
        }
        return initProblem(pod) ?? containerProblem(pod) ?? pod["status"]?["reason"]?.string
            ?? phase(pod)
    }

    private static func phase(_ pod: JSON) -> String {
        let phase = pod["status"]?["phase"]?.string ?? "Unknown"
        return phase == "Succeeded" ? "Completed" : phase
    }

    private static func initProblem(_ pod: JSON) -> String? {
        let lasting = sidecars(pod)
        let statuses = initContainers(pod)
        for (index, status) in statuses.enumerated() {
            if status["state"]?["terminated"]?["exitCode"] == 0 { continue }
            if lasting.contains(status), status["started"] == true { continue }
            let waiting = status["state"]?["waiting"]?["reason"]?.string
            let failed = status["state"]?["terminated"]?["reason"]?.string
            if let failed { return "Init:" + failed }
            if let waiting, waiting != "PodInitializing" { return "Init:" + waiting }
            return "Init:\(index)/\((pod["spec"]?["initContainers"]?.array ?? []).count)"
        }
        return nil
    }

    private static func containerProblem(_ pod: JSON) -> String? {
        for status in containers(pod).reversed() {
            if let waiting = status["state"]?["waiting"]?["reason"]?.string { return waiting }
            if let ended = status["state"]?["terminated"], pod["status"]?["phase"] != "Succeeded" {
                return ended["reason"]?.string ?? "ExitCode:\(ended["exitCode"]?.int ?? 0)"
            }
        }
        return nil
    }
}

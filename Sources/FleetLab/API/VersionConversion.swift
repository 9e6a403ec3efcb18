import FleetModel

/// Turns objects between the version they are stored in and the one a client speaks.
///
/// The versions served here differ in nothing but their name, with one exception:
/// an autoscaler's CPU target, which autoscaling/v1 has in a field of its own.
enum VersionConversion {
    static func presented(_ object: JSON, as type: ResourceType, in version: String) -> JSON {
        guard version != type.version else { return object }
        var shown = object
        shown["apiVersion"] = .string(type.apiVersion(of: version))
        if isOldAutoscaler(type, version) { showCPUTarget(&shown) }
        return shown
    }

    static func stored(_ object: JSON, as type: ResourceType, from version: String) -> JSON {
        guard version != type.version else { return object }
        var kept = object
        kept["apiVersion"] = .string(type.apiVersion)
        if isOldAutoscaler(type, version) { keepCPUTarget(&kept) }
        return kept
    }

    private static func isOldAutoscaler(_ type: ResourceType, _ version: String) -> Bool {
        type.id == "horizontalpodautoscalers.autoscaling" && version == "v1"
    }

    private static func isCPU(_ metric: JSON) -> Bool { metric["resource"]?["name"] == "cpu" }

    private static func showCPUTarget(_ autoscaler: inout JSON) {
        let metric = autoscaler["spec"]?["metrics"]?.array?.first(where: isCPU)
        let target = metric?["resource"]?["target"]?["averageUtilization"]
        autoscaler.edit("spec") {
            $0["metrics"] = nil
            $0["targetCPUUtilizationPercentage"] = target
        }
    }

    private static func keepCPUTarget(_ autoscaler: inout JSON) {
        autoscaler.edit("spec") { spec in
            guard let target = spec["targetCPUUtilizationPercentage"] else { return }
            spec["targetCPUUtilizationPercentage"] = nil
            let cpu: JSON = [
                "name": "cpu", "target": ["type": "Utilization", "averageUtilization": target],
            ]
            spec["metrics"] = [["type": "Resource", "resource": cpu]]
        }
    }
}

import FleetModel

/// A fault and the time it lasts.
struct ScheduledFault: Hashable, Sendable {
    var fault: LabFault
    var start: LabTime
    /// Nil: until it is mended.
    var end: LabTime?

    func isActive(at now: LabTime) -> Bool {
        start <= now && end.map { now < $0 } ?? true
    }

    /// Whether a pod is one of a workload's, `namespace/name`, that came after the fault.
    func meets(_ pod: JSON, of owner: String) -> Bool {
        guard owner == "\(pod.namespace)/\(pod.workloadName)" else { return false }
        let created = pod["metadata"]?["creationTimestamp"]?.string.flatMap { LabTime($0) }
        // Stamps have whole seconds; a pod of the same second counts as new.
        return created.map { $0.milliseconds + 999 >= start.milliseconds } ?? true
    }

    func document(at now: LabTime) -> JSON {
        var document: JSON = [
            "fault": .string(fault.name), "since": .string(start.timestamp),
            "active": .bool(isActive(at: now)),
        ]
        if !fault.parameters.isEmpty { document["parameters"] = JSON(fault.parameters) }
        if let end { document["until"] = .string(end.timestamp) }
        return document
    }
}

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

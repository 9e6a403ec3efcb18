import FleetModel

/// One entry of `status.conditions`.
struct Condition: Hashable, Sendable {
    var type: String
    var status: String
    var reason: String
    var message: String

    init(_ type: String, _ status: Bool, _ reason: String, _ message: String) {
        self.init(type, status ? "True" : "False", reason, message)
    }

    init(_ type: String, _ status: String, _ reason: String, _ message: String) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }

    /// Puts the condition among the others.
    ///
    /// `lastTransitionTime` moves only with the status, `lastUpdateTime` with any change.
    func set(in conditions: inout [JSON], now: LabTime, isUpdate: Bool = false) {
        let index = conditions.firstIndex { $0["type"]?.string == type }
        let former = index.map { conditions[$0] }
        var condition = former ?? ["type": .string(type)]
        let transition = former?["status"]?.string != status
        condition["status"] = .string(status)
        condition["reason"] = .string(reason)
        condition["message"] = .string(message)
        if transition { condition["lastTransitionTime"] = .string(now.timestamp) }
        if isUpdate || condition != former { condition["lastUpdateTime"] = .string(now.timestamp) }
        if let index { conditions[index] = condition } else { conditions.append(condition) }
    }

    static func find(_ type: String, in object: JSON) -> JSON? {
        (object[path: ["status", "conditions"]]?.array ?? []).first { $0["type"]?.string == type }
    }
}

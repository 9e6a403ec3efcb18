import FleetModel

/// A command record as a JSON object on one line, for `logs --format json`.
enum LogText {
    static func json(_ record: CommandRecord, in plan: Plan) throws -> String {
        var members: [String: JSON] = [
            "id": .string(record.id.rawValue), "cluster": .string(record.attempt.cluster.rawValue),
            "argv": .array(record.command.argv.map(JSON.string)),
            "purpose": .string(record.command.purpose),
            "mutating": .bool(record.command.isMutating),
            "startedAt": .int(record.startedAt.milliseconds),
            "through": .array(plan.way(to: record.command.place).map { .string($0.rawValue) }),
        ]
        members["stdin"] = record.command.stdin.map(JSON.string)
        if let result = record.result {
            members["ending"] = .string(result.ending.description)
            members["milliseconds"] = .int(result.duration.inMilliseconds)
            members["stdout"] = .string(result.stdoutText)
            members["stderr"] = .string(result.stderrText)
            if !result.killed.isEmpty {
                members["killed"] = .array(result.killed.map(JSON.string))
            }
        }
        return JSON.object(members).description
    }
}

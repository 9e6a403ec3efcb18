import FleetModel

/// The columns of `kubectl get events`.
enum EventColumns {
    static let all: [TableColumn] = [
        TableColumn("Last Seen") { event, now in
            let seen = ["lastTimestamp", "eventTime", "firstTimestamp"].lazy
                .compactMap { event[$0]?.string }.first
            let time = seen ?? event.metadata["creationTimestamp"]?.string
            return .string(AgeText.since(time, now: now))
        },
        .text("Type", "type"),
        .text("Reason", "reason"),
        TableColumn("Object") { event, _ in
            let object = event["involvedObject"]
            let kind = object?["kind"]?.string ?? ""
            return .string("\(kind.lowercased())/\(object?["name"]?.string ?? "")")
        },
        TableColumn("Message") { event, _ in .string((event["message"]?.string ?? "").trimmed) },
        TableColumn("Name", priority: 1) { event, _ in .string(event.name) },
    ]
}

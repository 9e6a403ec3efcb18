import FleetModel

/// Writes the events that controllers report, and counts repetitions.
enum EventRecorder {
    static func warn(
        about object: JSON, _ reason: String, _ message: String, by component: String,
        _ scene: inout Scene
    ) {
        record(about: object, "Warning", reason, message, by: component, &scene)
    }

    private static func record(
        about object: JSON, _ type: String, _ reason: String, _ message: String,
        by component: String, _ scene: inout Scene
    ) {
        // The same report about the same object is one event that is counted.
        let digest = String(Chance.hash("\(object.uid)/\(reason)/\(message)"), radix: 16)
        let key = ObjectKey("events", namespace: object.namespace, name: "\(object.name).\(digest)")
        let now = JSON.string(scene.now.timestamp)
        guard scene.store.get(key) == nil else {
            scene.update(key) {
                $0["count"] = .int(Int64($0.count("count") + 1))
                $0["lastTimestamp"] = now
            }
            return
        }
        scene.create(
            "events",
            Manifest.make(
                "v1", "Event", key.name, in: key.namespace,
                [
                    "involvedObject": reference(to: object), "reason": .string(reason),
                    "message": .string(message), "type": .string(type), "count": 1,
                    "firstTimestamp": now, "lastTimestamp": now,
                    "source": ["component": .string(component)],
                    "reportingComponent": .string(component),
                ]))
    }

    private static func reference(to object: JSON) -> JSON {
        [
            "apiVersion": object["apiVersion"] ?? "", "kind": object["kind"] ?? "",
            "namespace": .string(object.namespace), "name": .string(object.name),
            "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
        ]
    }
}

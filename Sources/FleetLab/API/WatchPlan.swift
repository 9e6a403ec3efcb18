import FleetModel

/// What a watch wants to be told, and how.
struct WatchPlan: Sendable {
    enum Start: Sendable {
        /// These objects first, then what changed after the version they are from.
        case snapshot([JSON], Int)
        /// What changed after a version.
        case after(Int)
    }

    let type: ResourceType
    let version: String
    let namespace: String?
    let filter: ObjectFilter
    let format: ResponseFormat
    let includeObject: String
    let start: Start
    let wantsBookmarks: Bool
    /// Real seconds until the server ends the watch.
    let timeoutSeconds: Int

    /// The events to begin with, and the version they lead up to.
    func opening(now: LabTime) -> (events: [UInt8], version: Int) {
        switch start {
        case .after(let version): return ([], version)
        case .snapshot(let objects, let version):
            let presenter = presenter(at: now)
            let seen = objects.filter(filter.matches)
            return (seen.flatMap { Self.event("ADDED", presenter.document($0)) }, version)
        }
    }

    /// The events for some changes.
    func events(for changes: [StoreChange], now: LabTime) -> [UInt8] {
        let presenter = presenter(at: now)
        return changes.flatMap { change -> [UInt8] in
            guard change.key.resource == type.id, let kind = kind(of: change) else { return [] }
            return Self.event(kind.rawValue, presenter.document(change.object))
        }
    }

    /// Tells a client up to which version it has seen everything.
    func bookmark(_ version: Int) -> [UInt8] {
        Self.event(
            "BOOKMARK",
            [
                "apiVersion": .string(type.apiVersion(of: self.version)),
                "kind": .string(type.kind),
                "metadata": [
                    "resourceVersion": .string(String(version)), "creationTimestamp": nil,
                ],
            ])
    }

    static func failure(_ error: StatusError) -> [UInt8] { event("ERROR", error.status) }

    private func presenter(at now: LabTime) -> ObjectPresenter {
        ObjectPresenter(
            type: type, version: version, format: format, includeObject: includeObject, now: now)
    }

    /// What a change is to somebody who sees only what passes the filter.
    private func kind(of change: StoreChange) -> StoreChange.Kind? {
        guard namespace == nil || namespace == change.key.namespace else { return nil }
        guard !filter.isEmpty else { return change.type }
        let wasSeen = change.previous.map(filter.matches) ?? false
        let isSeen = change.type != .deleted && filter.matches(change.object)
        return switch (wasSeen, isSeen) {
        case (false, true): .added
        case (true, true): .modified
        case (true, false): .deleted
        case (false, false): nil
        }
    }

    private static func event(_ type: String, _ object: JSON) -> [UInt8] {
        JSONWriter.write(["type": .string(type), "object": object]) + [0x0A]
    }
}

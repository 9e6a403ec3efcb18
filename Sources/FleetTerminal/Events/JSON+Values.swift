import FleetModel

extension JSON {
    init(_ number: Int) { self = .int(Int64(number)) }

    /// A moment as RFC 3339 writes it.
    init(_ time: Timestamp) { self = .string(time.rfc3339) }

    /// A duration in seconds, whole where it is whole.
    init(_ duration: Duration) {
        let milliseconds = duration.inMilliseconds
        self =
            milliseconds.isMultiple(of: 1_000)
            ? .int(milliseconds / 1_000) : .double(Double(milliseconds) / 1_000)
    }

    init(_ clusters: [ClusterName]) { self = .array(clusters.map { .string($0.rawValue) }) }

    /// An object of those members that have a value.
    init(present members: [String: JSON?]) { self = .object(members.compactMapValues { $0 }) }
}

extension Halt {
    var json: JSON {
        ["kind": .string(kind), "reason": .string(reason), "clusters": JSON(clusters)]
    }
}

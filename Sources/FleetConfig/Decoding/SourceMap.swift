public import FleetModel

/// Where each setting of a configuration was written.
///
/// The model holds no places, since two equal fleets are equal wherever they were
/// written. Whoever finds a mistake later, such as the planner or a runbook, asks
/// this table, by the keys that lead to the setting; a thing in a list goes by its
/// name or, without one, by its index: `sources["clusters", "edge-01", "bastion"]`.
public struct SourceMap: Hashable, Sendable {
    private var places: [[String]: SourceLocation] = [:]

    /// A table without places, for values that were never in a file.
    public init() {}

    /// The place of a setting, or of the nearest thing around it that was written.
    public subscript(path: String...) -> SourceLocation? { location(of: path) }

    /// The place of a setting, or of the nearest thing around it that was written.
    public func location(of path: [String]) -> SourceLocation? {
        var path = path
        while true {
            if let place = places[path] { return place }
            if path.isEmpty { return nil }
            path.removeLast()
        }
    }

    /// Whether a setting itself was written, not just something around it.
    func isWritten(_ path: [String]) -> Bool { places[path] != nil }

    mutating func set(_ path: [String], to place: SourceLocation) { places[path] = place }

    /// Notes the place of a value and of everything in it.
    mutating func set(_ path: [String], to node: YAMLNode) {
        places[path] = node.location
        switch node.content {
        case .list(let items):
            for (index, item) in items.enumerated() { set(path + ["\(index)"], to: item) }
        case .mapping(let entries):
            for entry in entries { set(path + [entry.key], to: entry.value) }
        case .empty, .plain, .quoted: break
        }
    }
}

/// A part of the configuration and where each of its settings was written.
public struct Located<Value: Sendable>: Sendable {
    public let value: Value
    public let sources: SourceMap

    /// Public so that a value that was never in a file can be used where one is wanted.
    public init(_ value: Value, sources: SourceMap) {
        (self.value, self.sources) = (value, sources)
    }
}

extension Located: Equatable where Value: Equatable {}

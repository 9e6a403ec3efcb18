import FleetModel

/// What has been read of a cluster and its management cluster so far.
///
/// Asking for something that has not been read throws ``Pause/needs(_:)``, so a
/// step reads like a plain function and still never reads anything itself.
/// Name everything a decision needs in one ``require(_:on:)`` first: what is
/// asked for together is read together.
struct ClusterView {
    let context: StepContext

    init(_ context: StepContext) { self.context = context }

    /// Makes sure that everything named has been read.
    func require(_ readings: [Reading]) throws(Pause) {
        let missing = readings.filter { context[$0] == nil }
        guard missing.isEmpty else { throw .needs(missing) }
    }

    func require(_ paths: [String], on target: Target = .cluster) throws(Pause) {
        try require(paths.map { Reading.path($0, on: target) })
    }

    /// The object at a path; `nil` when it, or its kind, does not exist.
    func object(_ path: String, on target: Target = .cluster) throws(Pause) -> JSON? {
        switch try result(of: .path(path, on: target)) {
        case .found(let object): return object
        case .absent: return nil
        case .refused(let words): throw .terminal("may not read \(path): \(words)")
        }
    }

    /// The items of a list of a kind that every API server has.
    ///
    /// A server without pods or namespaces is not the server we look for, so
    /// an absent list is never an empty one.
    func list(_ path: String, on target: Target = .cluster) throws(Pause) -> [JSON] {
        guard let items = try optionalList(path, on: target) else {
            throw .unclear("the API server does not know \(path)")
        }
        return items
    }

    /// The items of a list; `nil` when the server does not know the kind.
    func optionalList(_ path: String, on target: Target = .cluster) throws(Pause) -> [JSON]? {
        guard let list = try object(path, on: target) else { return nil }
        guard let items = list["items"]?.array else { throw .unclear("\(path) is no List") }
        guard (list.metadata["continue"]?.string ?? "").isEmpty else {
            throw .unclear("\(path) was cut off")
        }
        return items
    }

    /// The items of a list that has moved between versions of the API: the first
    /// of the paths that the server knows.
    func list(firstOf paths: [String], on target: Target = .cluster) throws(Pause) -> [JSON] {
        if let items = try optionalList(firstOf: paths, on: target) { return items }
        throw .unclear("the API server does not know \(paths.last ?? "")")
    }

    /// Likewise; `nil` when the server knows none of the paths.
    func optionalList(
        firstOf paths: [String], on target: Target = .cluster
    ) throws(Pause) -> [JSON]? {
        for path in paths {
            if let items = try optionalList(path, on: target) { return items }
        }
        return nil
    }

    /// What came of one reading.
    func result(of reading: Reading) throws(Pause) -> ReadResult {
        guard let result = context[reading] else { throw .needs([reading]) }
        return result
    }
}

/// What happened lately, for watches.
///
/// Versions have no gaps, so the place of a version is found by subtraction.
struct ChangeHistory: Sendable {
    /// How many changes a watch may lag behind before it must list again.
    private let limit: Int
    private var changes: [StoreChange] = []
    private(set) var lastVersion = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ change: StoreChange) {
        changes.append(change)
        lastVersion = change.resourceVersion
        // Twice the limit, so that the array is moved seldom.
        if changes.count > limit * 2 { changes.removeFirst(changes.count - limit) }
    }

    /// Everything after a version.
    /// - Throws: 410 Gone when some of it has been forgotten.
    func after(_ version: Int) throws(StatusError) -> [StoreChange] {
        guard version < lastVersion, let first = changes.first else { return [] }
        let forgotten = first.resourceVersion - 1
        guard version >= forgotten else { throw .expired(version, oldest: forgotten) }
        return Array(changes[(version - forgotten)...])
    }
}

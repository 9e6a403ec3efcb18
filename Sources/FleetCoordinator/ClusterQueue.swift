/// Clusters in a fixed order, taken from the front.
///
/// Entries are never removed from the middle: who looks at the queue skips
/// those that have moved on, and ``dropFirst(while:)`` forgets them once they
/// reach the front. So a look costs what changed, not the size of the fleet.
struct ClusterQueue: Hashable, Sendable, Codable {
    private var items: [Int]
    private var head = 0

    init(_ items: [Int] = []) { self.items = items }

    var remaining: ArraySlice<Int> { items[head...] }
    var first: Int? { remaining.first }

    mutating func append(_ item: Int) { items.append(item) }

    mutating func dropFirst(while isStale: (Int) -> Bool) {
        while let item = first, isStale(item) { head += 1 }
        guard head > 1_024, head * 2 > items.count else { return }
        items.removeFirst(head)
        head = 0
    }

    static func == (lhs: ClusterQueue, rhs: ClusterQueue) -> Bool {
        lhs.remaining.elementsEqual(rhs.remaining)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(Array(remaining)) }
}

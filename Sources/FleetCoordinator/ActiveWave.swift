import FleetModel

/// The wave at hand: who may start next, and how much of its limits is used.
///
/// Clusters are numbers here: positions in ``members``, the wave's own order.
struct ActiveWave: Hashable, Sendable, Codable {
    let position: WavePosition
    /// Positions in the plan's clusters.
    let members: [Int]
    /// Clusters that have not begun, by lane.
    private(set) var fresh: [ClusterQueue]
    /// Clusters between two steps, longest waiting first.
    private(set) var continuing = ClusterQueue()
    /// Clusters that wait before another try, soonest first.
    private(set) var retries: [Retry] = []
    /// Clusters under way, in the order they began.
    private(set) var underWay = ClusterQueue()

    var inFlight = 0
    var begun = 0
    var unsettled: Int
    var failed = 0
    var deferred = 0
    private(set) var inFlightByManagement: [Int]

    struct Retry: Hashable, Comparable, Sendable, Codable {
        let until: Timestamp
        let member: Int

        static func < (earlier: Retry, later: Retry) -> Bool {
            (earlier.until, earlier.member) < (later.until, later.member)
        }
    }

    /// Takes for each member the number of its lane, from zero up to `laneCount`: members of
    /// one lane have one management cluster and begin at the same times.
    init(
        at position: WavePosition, members: [Int], lanes: [Int], laneCount: Int,
        managementCount: Int
    ) {
        self.position = position
        self.members = members
        unsettled = members.count
        inFlightByManagement = Array(repeating: 0, count: managementCount)
        var queues: [[Int]] = Array(repeating: [], count: laneCount)
        for member in members.indices { queues[lanes[member]].append(member) }
        fresh = queues.map(ClusterQueue.init)
    }

    mutating func began(_ member: Int, lane: Int) {
        begun += 1
        underWay.append(member)
        fresh[lane].dropFirst { $0 == member }
    }

    /// Takes back a cluster that had failed or been put aside.
    mutating func returned(_ member: Int) {
        begun += 1
        unsettled += 1
        underWay.append(member)
        continuing.append(member)
    }

    mutating func tookOff(management: Int) {
        inFlight += 1
        inFlightByManagement[management] += 1
    }

    mutating func landed(management: Int) {
        inFlight -= 1
        inFlightByManagement[management] -= 1
    }

    mutating func `continue`(_ member: Int) { continuing.append(member) }

    mutating func wait(_ member: Int, until: Timestamp) {
        let retry = Retry(until: until, member: member)
        retries.insert(retry, at: countOfRetries { $0 < retry })
    }

    mutating func dropRetry(of member: Int, until: Timestamp) {
        let retry = Retry(until: until, member: member)
        let place = countOfRetries { $0 < retry }
        if place < retries.count, retries[place] == retry { retries.remove(at: place) }
    }

    /// Clusters that need not wait any longer, longest waiting first.
    func retries(dueAt now: Timestamp) -> some Sequence<Int> {
        retries.prefix(countOfRetries { $0.until <= now }).lazy.map(\.member)
    }

    /// When the next cluster will have waited long enough.
    func nextRetry(after now: Timestamp) -> Timestamp? {
        let due = countOfRetries { $0.until <= now }
        return due < retries.count ? retries[due].until : nil
    }

    /// How many come before all others, by bisection: in a storm most of the
    /// fleet waits, and a look must not cost its size.
    private func countOfRetries(where comesFirst: (Retry) -> Bool) -> Int {
        var (low, high) = (0, retries.count)
        while low < high {
            let middle = (low + high) / 2
            if comesFirst(retries[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Forgets entries at the front of the queues that no longer say anything.
    mutating func tidy(isReady: (Int) -> Bool, isUnderWay: (Int) -> Bool) {
        continuing.dropFirst { !isReady($0) }
        underWay.dropFirst { !isUnderWay($0) }
    }
}

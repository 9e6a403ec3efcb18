/// How the way to a cluster's API server is broken.
public enum TransportFault: Hashable, Sendable {
    /// Connections are cut before an answer.
    case unreachable
    /// Every answer comes this much later (real time, whatever the lab's speed).
    case slow(Duration)
    /// Requests are taken and never answered.
    case hung
    /// One of so many requests is cut off: before it has arrived, or when its answer is on the way,
    /// so that what it changed is changed and nobody is told.
    case flaky(every: Int)
}

/// What a flaky way does to one request.
enum Passage: Hashable, Sendable {
    case through
    case requestLost
    case answerLost

    /// That of the request of this number. In no rhythm: a caller that makes the same requests
    /// again and again would lose the same one every time.
    init(_ number: Int, every share: Int) {
        var chance = Chance(seed: UInt64(number))
        guard chance.number(in: 1...max(share, 1)) == 1 else {
            self = .through
            return
        }
        self = chance.number(in: 0...1) == 0 ? .answerLost : .requestLost
    }
}

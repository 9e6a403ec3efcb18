/// Waiting for what another process does.
enum Patience {
    /// Asks until there is an answer.
    ///
    /// The bound is no measure of anything: it only ends a test that would wait
    /// for ever, on a machine that may be very busy.
    @discardableResult
    static func until<Answer>(
        _ what: String, _ ask: () async throws -> Answer?
    ) async throws -> Answer {
        for _ in 0..<looks {
            let asked = ContinuousClock.now
            if let answer = try await ask() { return answer }
            let pause = min(max(shortestPause, (.now - asked) * 3), longestPause)
            try await ContinuousClock().sleep(for: pause)
        }
        throw Impatience(what: what)
    }

    private static let shortestPause = Duration.milliseconds(20)
    /// Whoever starts a program to ask with takes the processor from what is waited for, so three
    /// quarters of the time are left to that; but nothing is seen much later than it is so.
    private static let longestPause = Duration.milliseconds(500)

    /// Five minutes or more, a fiftieth of a second at a time.
    private static let looks = 15_000
}

/// What a test waited for and never saw.
struct Impatience: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain for \(what)" }
}

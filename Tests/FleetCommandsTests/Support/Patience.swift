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
            if let answer = try await ask() { return answer }
            try await ContinuousClock().sleep(for: .milliseconds(20))
        }
        throw Impatience(what: what)
    }

    /// Five minutes or more, a fiftieth of a second at a time.
    private static let looks = 15_000
}

/// What a test waited for and never saw.
struct Impatience: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain for \(what)" }
}

import FleetCoordinator
import FleetModel

/// The engine alone, one finished attempt per turn: `Engine.receive` less what
/// the journal took, which is a list in memory here.
struct DecisionCost {
    let shape: FleetShape
    let weather: Weather

    /// What befalls the fleet.
    enum Weather: String, CaseIterable {
        case calm = "every step succeeds"
        case stormy = "every step fails once, waits and is tried again"
        case halting = "an operator halts; only turns from then on"
    }

    /// Walks until there are samples enough for a 99th percentile.
    func measure() throws -> Samples {
        let plan = shape.plan
        var samples = Samples()
        while samples.values.count < weather.samples {
            var walk = try Walk(plan: plan, weather: weather)
            if weather == .halting { try walk.halt(after: shape.clusters * shape.steps / 2) }
            while samples.values.count < weather.samples, let sample = try walk.turn() {
                samples.append(sample)
            }
        }
        return samples
    }
}

extension DecisionCost.Weather {
    /// A halt is over after as many turns as there were clusters in flight.
    fileprivate var samples: Int { self == .halting ? 1_000 : 20_000 }
}

/// One run in memory, led by hand, in virtual time.
private struct Walk {
    private var engine: Engine<ListJournal>
    private let journal = ListJournal()
    private let weather: DecisionCost.Weather
    private var now = Timestamp(milliseconds: 0)
    private var inFlight: [Attempt] = []
    private var nextWake: Timestamp?

    init(plan: Plan, weather: DecisionCost.Weather) throws {
        let lead = Engine<ListJournal>.Lead(
            epoch: 1, host: "here", pid: 1, operatorName: "benchmark")
        engine = try Engine(plan: plan, journal: journal, lead: lead, at: now)
        self.weather = weather
        take(try engine.receive(at: now))
    }

    /// Lets a part of the run pass, at most this many turns, and sends a halt.
    mutating func halt(after turns: Int) throws {
        for _ in 0..<min(turns, 1_000) { _ = try turn() }
        journal.inbox = [.halt(by: "benchmark", reason: nil)]
    }

    /// How long the engine thought, or `nil` when the run is over.
    mutating func turn() throws -> Duration? {
        guard !engine.coordinator.isAtRest else { return nil }
        now = now + .milliseconds(1)
        guard !inFlight.isEmpty else {
            now = max(now, nextWake ?? now)
            return try measure([])
        }
        return try measure([end(of: inFlight.removeFirst())])
    }

    private mutating func measure(_ happened: [Event]) throws -> Duration {
        let start = ContinuousClock.now
        let directives = try engine.receive(happened, at: now)
        let elapsed = ContinuousClock.now - start - journal.elapsed
        take(directives)
        return elapsed
    }

    private func end(of attempt: Attempt) -> Event {
        let fails = weather == .stormy && attempt.number == 1
        let failure = Failure(.transient, "connection refused")
        return .attemptFinished(attempt, fails ? .failed(failure) : .succeeded(changed: true))
    }

    private mutating func take(_ directives: [Directive]) {
        nextWake = nil
        for directive in directives {
            if case .start(let attempt) = directive { inFlight.append(attempt) }
            if case .wake(let time) = directive { nextWake = time }
        }
    }
}

/// Keeps nothing, and knows how long it took about it.
private final class ListJournal: Journal {
    var inbox: [Control] = []
    private(set) var elapsed = Duration.zero
    private var events: [Event] = []

    func entries() -> [JournalEntry] { [] }

    func turn(at now: Timestamp, _ decide: ([Control]) throws -> [Event]) throws {
        let start = ContinuousClock.now
        let controls = inbox
        inbox = []
        let asked = ContinuousClock.now
        let news = try decide(controls)
        let answered = ContinuousClock.now
        events += news
        elapsed = (asked - start) + (ContinuousClock.now - answered)
    }
}

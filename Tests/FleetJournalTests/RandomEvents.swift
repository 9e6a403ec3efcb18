import FleetModel
import FleetTestKit

/// Events in any order with anything in their texts, the same for the same seed.
struct RandomEvents {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next(upTo limit: Int) -> [Event] {
        (0..<Int.random(in: 0...limit, using: &generator)).map { _ in event() }
    }

    private mutating func event() -> Event {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .attemptStarted(attempt())
        case 1: .attemptFinished(attempt(), outcome())
        case 2: .identityPinned(ClusterName(text()), uid: text())
        default: ContractEvents.all.randomElement(using: &generator) ?? .runHalted
        }
    }

    private mutating func attempt() -> Attempt {
        Attempt(
            cluster: ClusterName(text()), phase: number(), step: number(), number: number())
    }

    private mutating func outcome() -> Outcome {
        let outcome = ContractEvents.outcomes.randomElement(using: &generator) ?? .lost
        guard case .failed(let failure) = outcome else { return outcome }
        return .failed(Failure(failure.kind, text()))
    }

    private mutating func number() -> Int { .random(in: .min ... .max, using: &generator) }

    private mutating func text() -> String {
        let scalars = (0..<Int.random(in: 0..<12, using: &generator)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0..<0x2000, using: &generator))
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

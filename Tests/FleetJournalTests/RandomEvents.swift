import FleetModel
import FleetTestKit

/// Events in any order with anything in their texts, the same for the same seed.
struct RandomEvents {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

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

/// Steele, Lea and Flood's generator: small, and good enough for tests.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

import Synchronization

/// A text that nobody else can have put in the output of a line.
///
/// In the line itself it stands without its first byte, which the shell makes from
/// an escape. So neither a list of processes nor a forced command that repeats
/// what it was asked to run can be taken for an answer.
struct LineMark: Hashable, Sendable {
    /// As it stands in the line: 32 hex digits.
    let word: String
    /// As it comes back.
    let bytes: [UInt8]

    /// What a mark begins with: ASCII's record separator, `\036` to `printf`.
    static let firstByte: UInt8 = 0x1E

    init(_ word: String) {
        self.word = word
        bytes = [Self.firstByte] + word.utf8
    }

    init(using generator: inout some RandomNumberGenerator) {
        let halves = (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max, using: &generator), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        self.init(halves.joined())
    }
}

/// Makes marks, and the jitter of waits, from one source of chance.
final class Chance: Sendable {
    private let generator: Mutex<any RandomNumberGenerator & Sendable>

    init(_ generator: any RandomNumberGenerator & Sendable) {
        self.generator = Mutex(generator)
    }

    func mark() -> LineMark {
        generator.withLock { LineMark(using: &$0) }
    }

    /// From half of a duration to all of it.
    func jittered(_ duration: Duration) -> Duration {
        let percent = generator.withLock { Int.random(in: 50...100, using: &$0) }
        return duration * percent / 100
    }
}

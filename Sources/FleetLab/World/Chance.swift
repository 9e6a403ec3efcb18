/// Numbers that look random and yet follow from a text, so that the same lab
/// behaves the same however its clusters' events interleave.
struct Chance: Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64, _ text: String = "") {
        state = seed ^ Self.hash(text)
    }

    /// The next number of the SplitMix64 sequence.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range; the range must not be empty.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// FNV-1a, because Swift's own hashes differ from run to run.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// Letters and digits that form no words, as Kubernetes makes names of hashes.
    static func letters(_ count: Int, of text: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        var chance = Chance(seed: 0, text)
        return String(
            (0..<count).map { _ in alphabet[Int(chance.next() % UInt64(alphabet.count))] })
    }
}

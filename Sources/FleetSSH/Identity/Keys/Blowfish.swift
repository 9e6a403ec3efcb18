/// The state of the Blowfish cipher, for ``BcryptPBKDF`` alone.
///
/// libcrypto has Blowfish, but not the salted key schedule that bcrypt makes of it.
/// The names are those of Schneier's paper: 18 subkeys P, four boxes S.
struct Blowfish: ~Copyable {
    private static let subkeys = 18
    private static let words = 18 + 4 * 256
    private let state: UnsafeMutablePointer<UInt32>

    init() {
        state = .allocate(capacity: Self.words)
        state.initialize(from: blowfishStart, count: Self.words)
    }

    /// What the state was made from is a secret, and so is the state.
    deinit {
        state.update(repeating: 0, count: Self.words)
        state.deallocate()
    }

    /// Mixes a key into the state, and a salt or nothing into what is enciphered.
    func expand(key: [UInt32], salt: [UInt32]? = nil) {
        for index in 0..<Self.subkeys { state[index] ^= key[index % key.count] }
        var (left, right): (UInt32, UInt32) = (0, 0)
        for index in stride(from: 0, to: Self.words, by: 2) {
            if let salt {
                left ^= salt[index % salt.count]
                right ^= salt[(index + 1) % salt.count]
            }
            (left, right) = enciphered(left, right)
            (state[index], state[index + 1]) = (left, right)
        }
    }

    /// One block of 64 bits. Written out flat, for it runs a million times.
    func enciphered(_ first: UInt32, _ second: UInt32) -> (UInt32, UInt32) {
        let boxes = state + Self.subkeys
        var (left, right) = (first ^ state[0], second)
        var index = 1
        while index < 17 {
            right ^= mixed(left, boxes) ^ state[index]
            left ^= mixed(right, boxes) ^ state[index + 1]
            index += 2
        }
        return (right ^ state[17], left)
    }

    @inline(__always)
    private func mixed(_ word: UInt32, _ boxes: UnsafeMutablePointer<UInt32>) -> UInt32 {
        let first = boxes[Int(word >> 24)] &+ boxes[256 + Int(word >> 16 & 0xff)]
        return (first ^ boxes[512 + Int(word >> 8 & 0xff)]) &+ boxes[768 + Int(word & 0xff)]
    }
}

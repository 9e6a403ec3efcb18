/// The SHA-256 digest of FIPS 180-4, for naming plans and certificates, and for
/// proving that a kept output is the one that was seen.
///
/// Nothing here guards a secret, so the code need not run in constant time.
/// Why it is written out instead of imported: Docs/Decisions/journal-sha256.md.
public enum SHA256 {
    /// The digest as 64 lower-case hexadecimal digits.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        String(decoding: digest(bytes).flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    /// The digest as 32 bytes.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state = initialState
        let wholeBlocks = bytes.count / blockSize * blockSize
        bytes.withUnsafeBytes { compress($0[..<wholeBlocks], into: &state) }
        let rest = padded(bytes[wholeBlocks...], messageLength: bytes.count)
        rest.withUnsafeBytes { compress($0[...], into: &state) }
        return (0..<8).flatMap { index in bigEndian(state[index]) }
    }

    /// The end of the message, a one bit, zeros, and the message's length in bits.
    private static func padded(_ tail: ArraySlice<UInt8>, messageLength: Int) -> [UInt8] {
        let zeros = (2 * blockSize - tail.count - 9) % blockSize
        let bits = UInt64(messageLength) * 8
        var padded = Array(tail)
        padded.append(0x80)
        padded += [UInt8](repeating: 0, count: zeros)
        padded += bigEndian(UInt32(truncatingIfNeeded: bits >> 32))
        padded += bigEndian(UInt32(truncatingIfNeeded: bits))
        return padded
    }

    private static func compress(
        _ blocks: Slice<UnsafeRawBufferPointer>, into state: inout InlineArray<8, UInt32>
    ) {
        let bytes = UnsafeRawBufferPointer(rebasing: blocks)
        for start in stride(from: 0, to: bytes.count, by: blockSize) {
            round(schedule(bytes, at: start), &state)
        }
    }

    /// The block's sixteen words, spread over sixty-four.
    private static func schedule(
        _ bytes: UnsafeRawBufferPointer, at start: Int
    ) -> InlineArray<64, UInt32> {
        var words = InlineArray<64, UInt32>(repeating: 0)
        for index in 0..<16 {
            let offset = start + index * 4
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            words[index] = UInt32(bigEndian: word)
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
            let second = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
            words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
        }
        return words
    }

    /// The standard's sixty-four steps. The letters are the standard's own.
    private static func round(
        _ words: InlineArray<64, UInt32>, _ state: inout InlineArray<8, UInt32>
    ) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let mixedE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let choice = (e & f) ^ (~e & g)
            let first = h &+ mixedE &+ choice &+ roundConstants[index] &+ words[index]
            let mixedA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ mixedA &+ majority)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }
}

private let blockSize = 64

private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    (word >> count) | (word << (32 - count))
}

private func bigEndian(_ word: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
}

private func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

private let initialState: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
]

private let roundConstants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
]

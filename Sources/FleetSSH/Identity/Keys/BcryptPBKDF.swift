/// The key derivation of encrypted OpenSSH keys: PBKDF2 with bcrypt as its hash.
///
/// There is no standard but OpenBSD's bcrypt_pbkdf(3); a key that `ssh-keygen` has
/// encrypted proves this one in the tests.
enum BcryptPBKDF {
    private static let hashSize = 32

    /// Derives a key. The digests of the passphrase are wiped, as far as Swift lets us.
    static func key(from passphrase: Secret, salt: [UInt8], rounds: Int, count: Int) -> [UInt8] {
        let secret = passphrase.withBytes { Digests.sha512($0) }.words
        let stride = (count + hashSize - 1) / hashSize
        let amount = (count + stride - 1) / stride
        var key = [UInt8](repeating: 0, count: count)
        for block in 0..<stride {
            let bytes = self.block(
                secret, salt: salt + UInt32(block + 1).bigEndianBytes, rounds: rounds)
            // Blocks are dealt out like cards, so that half of a key is no whole block.
            for index in 0..<amount where index * stride + block < count {
                key[index * stride + block] = bytes[index]
            }
        }
        return key
    }

    private static func block(_ secret: [UInt32], salt: [UInt8], rounds: Int) -> [UInt8] {
        var last = hash(secret, salt: Digests.sha512(salt).words)
        var sum = last
        for _ in 1..<max(1, rounds) {
            last = hash(secret, salt: Digests.sha512(last).words)
            for index in sum.indices { sum[index] ^= last[index] }
        }
        return sum
    }

    /// The bcrypt of 64 turns that enciphers one line of text 64 times.
    private static func hash(_ secret: [UInt32], salt: [UInt32]) -> [UInt8] {
        let cipher = Blowfish()
        cipher.expand(key: secret, salt: salt)
        for _ in 0..<64 {
            cipher.expand(key: salt)
            cipher.expand(key: secret)
        }
        var words = Array("OxychromaticBlowfishSwatDynamite".utf8).words
        for index in stride(from: 0, to: words.count, by: 2) {
            for _ in 0..<64 {
                let (left, right) = cipher.enciphered(words[index], words[index + 1])
                (words[index], words[index + 1]) = (left, right)
            }
        }
        return words.flatMap { $0.bigEndianBytes.reversed() }
    }
}

extension [UInt8] {
    /// Big-endian words of 32 bits; the count is a multiple of four.
    fileprivate var words: [UInt32] {
        stride(from: 0, to: count, by: 4).map { start in
            self[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
    }
}

import CSSH2

/// The digests that SSH's files are made with, by libcrypto.
enum Digests {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
            _ = SHA256(bytes, bytes.count, digest.baseAddress)
            count = 32
        }
    }

    static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 64) { digest, count in
            _ = SHA512(bytes, bytes.count, digest.baseAddress)
            count = 64
        }
    }

    /// HMAC with SHA-1: what known hosts files hide names with. It guards no secret.
    static func hmacSHA1(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 20) { digest, count in
            let base = digest.baseAddress
            _ = HMAC(EVP_sha1(), key, Int32(key.count), bytes, bytes.count, base, nil)
            count = 20
        }
    }
}

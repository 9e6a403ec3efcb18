import CSSH2
import Foundation

/// A private key in OpenSSH's own form (PROTOCOL.key): the public key in the clear, the
/// private one perhaps encrypted.
struct OpenSSHKeyFile: Hashable, Sendable {
    let publicKey: PublicKey
    private let cipher: String
    private let derivation: String
    private let salt: [UInt8]
    private let rounds: Int
    private let box: [UInt8]

    static let header = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let footer = "-----END OPENSSH PRIVATE KEY-----"
    private static let magic = Array("openssh-key-v1\0".utf8)
    /// `ssh-keygen` makes 16 to 24 and its manual speaks of 100; a broken file could say
    /// four thousand million and keep us for a year.
    private static let mostRounds = 2_000

    var isEncrypted: Bool { cipher != "none" }

    init(_ text: String) throws(KeyFlaw) {
        var reader = WireReader(try Self.decoded(text))
        guard reader.bytes(Self.magic.count) == Self.magic, let cipher = reader.word(),
            let derivation = reader.word(), let options = reader.string(),
            reader.number() == 1, let blob = reader.string(),
            let publicKey = PublicKey(blob: blob), let box = reader.string()
        else { throw .broken("it isn't in OpenSSH's form") }
        (self.cipher, self.derivation, self.box) = (cipher, derivation, box)
        self.publicKey = publicKey
        var settings = WireReader(options)
        (salt, rounds) = (settings.string() ?? [], Int(settings.number() ?? 0))
    }

    private static func decoded(_ text: String) throws(KeyFlaw) -> [UInt8] {
        guard let start = text.range(of: header),
            let end = text.range(of: footer, range: start.upperBound..<text.endIndex),
            let bytes = Data(
                base64Encoded: String(text[start.upperBound..<end.lowerBound]),
                options: .ignoreUnknownCharacters)
        else { throw .broken("it has no whole OPENSSH PRIVATE KEY") }
        return Array(bytes)
    }

    /// The private key.
    ///
    /// - Throws: ``KeyFlaw/locked`` when the passphrase isn't the right one or is missing.
    func privateKey(_ passphrase: Secret?) throws(KeyFlaw) -> PrivateKey {
        var reader = WireReader(try opened(passphrase))
        guard let check = reader.number(), check == reader.number() else {
            throw isEncrypted ? .locked : .broken("its private part is broken")
        }
        var parts = KeyParts(reader.remaining)
        let key = try parts.privateKey()
        guard key.publicKey == publicKey else { throw .broken("its two halves differ") }
        return key
    }

    private func opened(_ passphrase: Secret?) throws(KeyFlaw) -> [UInt8] {
        guard isEncrypted else { return box }
        guard derivation == "bcrypt", let form = CipherForm(cipher) else {
            throw .unsupported("a key encrypted with \(cipher) and \(derivation)")
        }
        guard (1...Self.mostRounds).contains(rounds), !salt.isEmpty else {
            throw .broken("it asks for \(rounds) rounds of bcrypt")
        }
        guard box.count.isMultiple(of: 16), !box.isEmpty else { throw .broken("it is cut short") }
        guard let passphrase else { throw .locked }
        var secret = BcryptPBKDF.key(
            from: passphrase, salt: salt, rounds: rounds, count: form.keySize + 16)
        defer { secret.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        var bytes = [UInt8](repeating: 0, count: box.count)
        let isDone = secret.withUnsafeBufferPointer { secret in
            guard let key = secret.baseAddress else { return false }
            return bellwether_decrypt(
                form.cipher, key, key + form.keySize, box, Int32(box.count), &bytes) == 1
        }
        guard isDone else { throw .locked }
        return bytes
    }
}

/// The ciphers that `ssh-keygen -Z` takes, without those that also authenticate.
private struct CipherForm {
    let cipher: OpaquePointer
    let keySize: Int

    init?(_ name: String) {
        let made: (OpaquePointer?, Int) =
            switch name {
            case "aes256-ctr": (EVP_aes_256_ctr(), 32)
            case "aes192-ctr": (EVP_aes_192_ctr(), 24)
            case "aes128-ctr": (EVP_aes_128_ctr(), 16)
            case "aes256-cbc": (EVP_aes_256_cbc(), 32)
            case "aes192-cbc": (EVP_aes_192_cbc(), 24)
            case "aes128-cbc": (EVP_aes_128_cbc(), 16)
            default: (nil, 0)
            }
        guard let cipher = made.0 else { return nil }
        (self.cipher, keySize) = (cipher, made.1)
    }
}

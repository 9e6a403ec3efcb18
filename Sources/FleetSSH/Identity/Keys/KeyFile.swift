/// A private key file, in whichever form, before anybody asked for a passphrase.
enum KeyFile: Hashable, Sendable {
    case openSSH(OpenSSHKeyFile)
    case pem(PEMKeyFile)

    init(_ bytes: [UInt8]) throws(KeyFlaw) {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains(OpenSSHKeyFile.header) {
            self = .openSSH(try OpenSSHKeyFile(text))
        } else if text.contains("-----BEGIN ") {
            self = .pem(PEMKeyFile(bytes))
        } else {
            throw .broken("it is no private key")
        }
    }

    /// - Throws: ``KeyFlaw/locked`` when the passphrase isn't the right one or is missing.
    func privateKey(_ passphrase: Secret?) throws(KeyFlaw) -> PrivateKey {
        switch self {
        case .openSSH(let file): try file.privateKey(passphrase)
        case .pem(let file): try file.privateKey(passphrase)
        }
    }

    /// The public half, where the file shows it without a passphrase.
    var publicKey: PublicKey? {
        switch self {
        case .openSSH(let file): file.publicKey
        // A locked file tells nothing of its key.
        case .pem(let file): try? file.privateKey(nil).publicKey
        }
    }

    var isEncrypted: Bool {
        switch self {
        case .openSSH(let file): file.isEncrypted
        case .pem(let file):
            // Whatever else is wrong with it, no passphrase would mend it.
            if case .failure(.locked) = Result(catching: { () throws(KeyFlaw) in
                try file.privateKey(nil)
            }) {
                true
            } else {
                false
            }
        }
    }
}

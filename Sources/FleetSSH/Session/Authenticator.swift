/// Knows with what to log in to a host.
///
/// Asked on threads that may block, so that it can read key files, decrypt them and
/// talk to an agent; it may be asked by several connections at once.
public protocol Authenticator: Sendable {
    /// The identities to offer, most likely one first.
    ///
    /// Of a long list only the first ``Identity/mostOffered`` are offered.
    func identities(for hop: SSHHop) async throws(SSHTrouble) -> [Identity]
}

/// One key to log in with.
public struct Identity: Sendable {
    /// Signs what the host wants signed.
    ///
    /// Returns the bare signature, as it comes after the algorithm's name in a
    /// signature blob: 64 bytes for Ed25519, two numbers for ECDSA, RSA's own.
    public typealias Signer = @Sendable ([UInt8]) async throws(SSHTrouble) -> [UInt8]

    enum Proof: Sendable {
        case signer(publicBlob: [UInt8], Signer)
        case privateKey([UInt8])
    }

    /// sshd's MaxAuthTries is 6, and it counts every key it refuses.
    public static let mostOffered = 5

    /// What messages call it: the file's path, or the comment of the agent's key.
    public let name: String
    let proof: Proof

    /// A key somebody else signs with: our own code, or an agent.
    ///
    /// The public blob is the wire form of the public key or certificate. An RSA key's
    /// begins with the name of the algorithm it signs with, such as `rsa-sha2-512`.
    public init(name: String, publicBlob: [UInt8], sign: @escaping Signer) {
        (self.name, proof) = (name, .signer(publicBlob: publicBlob, sign))
    }

    /// A private key file's bytes, for libssh2 to sign with: Ed25519 or ECDSA, not encrypted.
    ///
    /// An encrypted one would be decrypted on the loop's thread, a quarter of a second
    /// each time; whoever has such a key gives a signer.
    public init(name: String, unencrypted: [UInt8]) {
        (self.name, proof) = (name, .privateKey(unencrypted))
    }
}

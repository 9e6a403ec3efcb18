/// A user certificate of OpenSSH's: a public key that an authority has signed.
struct UserCertificate: Hashable, Sendable {
    /// What is offered to the server.
    let blob: [UInt8]
    /// Such as `ecdsa-sha2-nistp256-cert-v01@openssh.com`.
    let type: String
    /// The key that must sign, where it is of a type that libssh2 can offer.
    let signer: PublicKey?

    static let suffix = "-cert-v01@openssh.com"

    /// `nil` when the key is no certificate.
    init?(_ key: PublicKey) {
        guard key.type.hasSuffix(Self.suffix) else { return nil }
        (blob, type) = (key.blob, key.type)
        signer = Self.ecdsaKey(in: key)
    }

    /// After type and nonce an ECDSA certificate has its key's curve and point.
    private static func ecdsaKey(in key: PublicKey) -> PublicKey? {
        let plain = String(key.type.dropLast(suffix.count))
        guard PrivateKey.Curve.allCases.contains(where: { $0.keyType == plain }) else { return nil }
        var reader = WireReader(key.blob)
        guard reader.string() != nil, reader.string() != nil, let curve = reader.word(),
            let point = reader.string()
        else { return nil }
        return PublicKey(blob: plain.wireString + curve.wireString + point.wireString)
    }
}

import CSSH2

/// A private key in PEM, old or PKCS #8, as libcrypto reads it.
struct PEMKeyFile: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: ``KeyFlaw/locked`` when the passphrase isn't the right one or is missing.
    func privateKey(_ passphrase: Secret?) throws(KeyFlaw) -> PrivateKey {
        var wasAsked = false
        guard let key = key(passphrase, wasAsked: &wasAsked) else {
            throw wasAsked ? .locked : .broken("it isn't a private key in PEM")
        }
        guard let made = wrapped(key) else {
            EVP_PKEY_free(key)
            throw .unsupported("a key that is neither RSA nor ECDSA nor Ed25519")
        }
        return made
    }

    private func key(_ passphrase: Secret?, wasAsked: inout Bool) -> OpaquePointer? {
        var given = bellwether_passphrase(passphrase: nil, count: 0, was_asked: 0)
        defer { wasAsked = given.was_asked != 0 }
        guard let passphrase else { return bellwether_pem_key(bytes, bytes.count, &given) }
        return passphrase.withBytes { secret in
            secret.withUnsafeBytes { secret in
                given.passphrase = secret.bindMemory(to: CChar.self).baseAddress
                given.count = secret.count
                defer { given.passphrase = nil }
                return bellwether_pem_key(bytes, bytes.count, &given)
            }
        }
    }

    private func wrapped(_ key: OpaquePointer) -> PrivateKey? {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: rsa(key)
        case EVP_PKEY_EC: ecdsa(key)
        case EVP_PKEY_ED25519: ed25519(key)
        default: nil
        }
    }

    private func rsa(_ key: OpaquePointer) -> PrivateKey? {
        let (modulus, exponent) = (number("n", of: key), number("e", of: key))
        let blob = RSANumbers.blob(exponent: exponent, modulus: modulus)
        return PublicKey(blob: blob).map { PrivateKey(key, kind: .rsa, publicKey: $0) }
    }

    private func number(_ name: String, of key: OpaquePointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 2_048) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            count = bellwether_key_number(key, name, base, buffer.count)
        }
    }

    private func ecdsa(_ key: OpaquePointer) -> PrivateKey? {
        var name = [CChar](repeating: 0, count: 64)
        var point = [UInt8](repeating: 0, count: 256)
        var (nameCount, pointCount) = (0, 0)
        guard EVP_PKEY_get_group_name(key, &name, name.count, &nameCount) == 1,
            EVP_PKEY_get_octet_string_param(key, "pub", &point, point.count, &pointCount) == 1
        else { return nil }
        let group = String(decoding: name.prefix(nameCount).map(UInt8.init), as: UTF8.self)
        guard let curve = PrivateKey.Curve.allCases.first(where: { $0.group == group }) else {
            return nil
        }
        let blob =
            curve.keyType.wireString + curve.rawValue.wireString
            + Array(point.prefix(pointCount)).wireString
        return PublicKey(blob: blob).map { PrivateKey(key, kind: .ecdsa(curve), publicKey: $0) }
    }

    private func ed25519(_ key: OpaquePointer) -> PrivateKey? {
        var point = [UInt8](repeating: 0, count: 32)
        var count = point.count
        guard EVP_PKEY_get_raw_public_key(key, &point, &count) == 1 else { return nil }
        let blob = "ssh-ed25519".wireString + Array(point.prefix(count)).wireString
        return PublicKey(blob: blob).map { PrivateKey(key, kind: .ed25519, publicKey: $0) }
    }
}

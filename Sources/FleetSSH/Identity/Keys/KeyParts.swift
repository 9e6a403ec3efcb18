import CSSH2

/// Puts keys together from the numbers of an OpenSSH key file.
struct KeyParts {
    private var reader: WireReader

    init(_ bytes: [UInt8]) { reader = WireReader(bytes) }

    /// Reads a private key: its type's name, then its numbers.
    mutating func privateKey() throws(KeyFlaw) -> PrivateKey {
        guard let type = reader.word() else { throw .broken("it names no type of key") }
        let key: PrivateKey? =
            switch type {
            case "ssh-ed25519": ed25519()
            case "ssh-rsa": rsa()
            default: try ecdsa(type)
            }
        guard let key else { throw .broken("its numbers are no \(type) key") }
        return key
    }

    private mutating func ed25519() -> PrivateKey? {
        // The private part is the seed and the public key once more.
        guard let point = reader.string(), let secret = reader.string(), point.count == 32,
            secret.count == 64,
            let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, secret, 32)
        else { return nil }
        return made(key, .ed25519, "ssh-ed25519".wireString + point.wireString)
    }

    private mutating func ecdsa(_ type: String) throws(KeyFlaw) -> PrivateKey? {
        guard let curve = PrivateKey.Curve.allCases.first(where: { $0.keyType == type }) else {
            throw .unsupported("a key of type \(type)")
        }
        guard let name = reader.word(), name == curve.rawValue, let point = reader.string(),
            let scalar = reader.string(), scalar.count <= Self.longestNumber,
            let key = bellwether_ecdsa_key(
                curve.group, point, point.count, scalar, scalar.count)
        else { return nil }
        return made(
            key, .ecdsa(curve), type.wireString + name.wireString + point.wireString)
    }

    private mutating func rsa() -> PrivateKey? {
        var numbers: [[UInt8]] = []
        for _ in 0..<6 {
            guard let number = reader.string(), !number.isEmpty,
                number.count <= Self.longestNumber
            else { return nil }
            numbers.append(number)
        }
        guard let key = RSANumbers.key(numbers) else { return nil }
        return made(key, .rsa, RSANumbers.blob(exponent: numbers[1], modulus: numbers[0]))
    }

    private func made(
        _ key: OpaquePointer, _ kind: PrivateKey.Kind, _ blob: [UInt8]
    ) -> PrivateKey? {
        guard let publicKey = PublicKey(blob: blob) else {
            EVP_PKEY_free(key)
            return nil
        }
        return PrivateKey(key, kind: kind, publicKey: publicKey)
    }

    /// 16,384 bits and a sign.
    private static let longestNumber = 2_049
}

/// RSA keys by their numbers.
enum RSANumbers {
    /// n, e, d, the coefficient, p, q: OpenSSH's order.
    static func key(_ numbers: [[UInt8]]) -> OpaquePointer? {
        guard numbers.count == 6 else { return nil }
        let all = numbers.flatMap { $0 }
        return all.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var start = base
            let parts = numbers.map { number in
                defer { start += number.count }
                return bellwether_number(bytes: start, count: number.count)
            }
            return bellwether_rsa_key(
                parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
        }
    }

    static func blob(exponent: [UInt8], modulus: [UInt8]) -> [UInt8] {
        "ssh-rsa".wireString + exponent.wireNumber + modulus.wireNumber
    }
}

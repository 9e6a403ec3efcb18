import CSSH2

/// A private key that signs, held by libcrypto.
///
/// Unchecked, because the compiler can't see that libcrypto counts the references to a
/// key itself and only reads it to sign.
final class PrivateKey: @unchecked Sendable {
    /// How a key signs what a server wants signed.
    enum Kind: Hashable {
        case ed25519
        case ecdsa(Curve)
        case rsa
    }

    /// NIST's curves, with SSH's name and libcrypto's.
    enum Curve: String, CaseIterable {
        case nistp256, nistp384, nistp521

        var group: String {
            switch self {
            case .nistp256: "prime256v1"
            case .nistp384: "secp384r1"
            case .nistp521: "secp521r1"
            }
        }

        var keyType: String { "ecdsa-sha2-\(rawValue)" }
    }

    let kind: Kind
    let publicKey: PublicKey
    private let key: OpaquePointer

    /// Takes over a key; it is freed with this object.
    init(_ key: OpaquePointer, kind: Kind, publicKey: PublicKey) {
        (self.key, self.kind, self.publicKey) = (key, kind, publicKey)
    }

    deinit { EVP_PKEY_free(key) }

    /// The bare signature, as it comes after the algorithm's name in a signature blob;
    /// `nil` when libcrypto can't make one.
    func signature(of message: [UInt8]) -> [UInt8]? {
        var signature = [UInt8](repeating: 0, count: Self.largestSignature)
        var count = signature.count
        guard bellwether_sign(key, digest, message, message.count, &signature, &count) == 1 else {
            return nil
        }
        signature.removeLast(signature.count - count)
        if case .ecdsa = kind { return ECDSASignature.wireForm(ofDER: signature) }
        return signature
    }

    private var digest: OpaquePointer? {
        switch kind {
        case .ed25519: nil
        case .rsa, .ecdsa(.nistp521): EVP_sha512()
        case .ecdsa(.nistp256): EVP_sha256()
        case .ecdsa(.nistp384): EVP_sha384()
        }
    }

    /// That of an RSA key of 16,384 bits, the largest that OpenSSH makes.
    private static let largestSignature = 2_048
}

/// An ECDSA signature: two numbers, in DER by libcrypto and in SSH's form by RFC 5656.
enum ECDSASignature {
    static func wireForm(ofDER der: [UInt8]) -> [UInt8]? {
        var rest = der[...]
        guard let body = element(&rest, tag: 0x30), rest.isEmpty else { return nil }
        rest = body
        guard let first = element(&rest, tag: 0x02), let second = element(&rest, tag: 0x02),
            rest.isEmpty
        else { return nil }
        return Array(first).wireNumber + Array(second).wireNumber
    }

    /// A DER element with a length of one or two bytes: no signature needs more.
    private static func element(_ rest: inout ArraySlice<UInt8>, tag: UInt8) -> ArraySlice<UInt8>? {
        guard rest.popFirst() == tag, var count = rest.popFirst() else { return nil }
        if count == 0x81 {
            guard let long = rest.popFirst() else { return nil }
            count = long
        } else if count > 0x7f {
            return nil
        }
        guard rest.count >= Int(count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}

import Foundation

/// A user certificate of OpenSSH's: a public key that an authority has signed.
struct UserCertificate: Hashable, Sendable {
    /// What is offered to the server.
    let blob: [UInt8]
    /// Such as `ecdsa-sha2-nistp256-cert-v01@openssh.com`.
    let type: String
    /// The key that must sign, where it is of a type that libssh2 can offer.
    let signer: PublicKey?
    /// When it is valid, in seconds since 1970; the end is no longer in it. Known only
    /// together with the signer.
    let validity: Range<UInt64>?

    static let suffix = "-cert-v01@openssh.com"

    /// `nil` when the key is no certificate.
    init?(_ key: PublicKey) {
        guard key.type.hasSuffix(Self.suffix) else { return nil }
        (blob, type) = (key.blob, key.type)
        var reader = WireReader(key.blob)
        signer = Self.ecdsaKey(key.type, &reader)
        validity = signer == nil ? nil : Self.validity(&reader)
    }

    /// After type and nonce an ECDSA certificate has its key's curve and point.
    private static func ecdsaKey(_ type: String, _ reader: inout WireReader) -> PublicKey? {
        let plain = String(type.dropLast(suffix.count))
        guard PrivateKey.Curve.allCases.contains(where: { $0.keyType == plain }) else { return nil }
        guard reader.string() != nil, reader.string() != nil, let curve = reader.word(),
            let point = reader.string()
        else { return nil }
        return PublicKey(blob: plain.wireString + curve.wireString + point.wireString)
    }

    /// After the key come serial, kind, name, principals, and then the two times.
    private static func validity(_ reader: inout WireReader) -> Range<UInt64>? {
        guard reader.longNumber() != nil, reader.number() != nil, reader.string() != nil,
            reader.string() != nil, let start = reader.longNumber(),
            let end = reader.longNumber(), start <= end
        else { return nil }
        return start..<end
    }

    /// Why it is of no use at a time, if it isn't.
    func objection(at now: UInt64) -> String? {
        guard let validity, !validity.contains(now) else { return nil }
        if now < validity.lowerBound {
            return "isn't valid before \(Self.words(for: validity.lowerBound)), "
                + "and the clock here says \(Self.words(for: now))"
        }
        return "has expired at \(Self.words(for: validity.upperBound))"
    }

    private static func words(for seconds: UInt64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}

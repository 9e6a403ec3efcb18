import CSSH2
import Foundation

/// A public key as SSH sends it: its type's name and what that type needs.
struct PublicKey: Hashable, Sendable {
    let blob: [UInt8]
    /// The name in front of the blob, such as `ssh-ed25519`.
    let type: String

    /// Takes a blob whose first string is a type's name; `nil` for anything else.
    init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let type = reader.word(), !type.isEmpty, !reader.isAtEnd else { return nil }
        (self.blob, self.type) = (blob, type)
    }

    /// Takes base64 as known hosts and `.pub` files have it.
    init?(base64: some StringProtocol) {
        guard let bytes = Data(base64Encoded: String(base64)) else { return nil }
        self.init(blob: Array(bytes))
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    var fingerprint: String {
        "SHA256:" + Digests.sha256(blob).base64.prefix { $0 != "=" }
    }

    /// The type as OpenSSH's messages have it, such as `ED25519`.
    var shortType: String {
        let plain = type.hasPrefix("ssh-") ? type.dropFirst(4) : type.prefix { $0 != "-" }
        return plain.uppercased()
    }

    /// As known hosts files have it: type and base64.
    var text: String { "\(type) \(blob.base64)" }
}

extension [UInt8] {
    var base64: String { Data(self).base64EncodedString() }
}

/// What a host key's fingerprint may look like: `SHA256:…` as `ssh-keygen -l` prints
/// it, perhaps after the key's type and a blank.
enum FingerprintRule {
    private static let prefix = "SHA256:"
    /// 32 bytes in base64, without the `=` at the end.
    private static let digits = 43
    /// The types of host keys that OpenSSH has.
    private static let types: Set<String> = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "ssh-rsa",
    ]

    static func holds(for text: String) -> Bool {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let print = words.last, words.count <= 2 else { return false }
        if words.count == 2, !types.contains(String(words[0])) { return false }
        guard print.hasPrefix(prefix) else { return false }
        let base64 = print.dropFirst(prefix.count).utf8
        return base64.count == digits && base64.allSatisfy(isBase64)
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}

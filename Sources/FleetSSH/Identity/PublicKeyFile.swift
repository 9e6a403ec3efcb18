/// A file with one public key or certificate, as `ssh-keygen` leaves beside a private one.
enum PublicKeyFile {
    private static let mostBytes = 1 << 16

    /// The key; `nil` when there is no file, or no key in it.
    static func key(at path: String) throws(SSHTrouble) -> PublicKey? {
        guard let bytes = try BoundedFile.contents(of: path, atMost: mostBytes) else { return nil }
        return key(in: bytes)
    }

    static func key(in bytes: [UInt8]) -> PublicKey? {
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
        let words = (line ?? "").split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let key = PublicKey(base64: words[1]), key.type == words[0] else {
            return nil
        }
        return key
    }
}

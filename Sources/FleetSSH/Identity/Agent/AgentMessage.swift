/// The words of an OpenSSH agent (draft-miller-ssh-agent).
///
/// Replies come from another program, so that a broken one is an answer like any other:
/// `nil`.
enum AgentMessage {
    /// A key that an agent holds.
    struct Key: Hashable, Sendable {
        let publicKey: PublicKey
        /// What its owner calls it; a path, as a rule.
        let comment: String
    }

    private static let failure: UInt8 = 5
    private static let identitiesAnswer: UInt8 = 12
    private static let signResponse: UInt8 = 14
    /// OpenSSH's own limit.
    static let mostKeys = 2_048

    static let identitiesRequest: [UInt8] = [11]

    static func signRequest(_ key: PublicKey, _ message: [UInt8], flags: UInt32) -> [UInt8] {
        [13] + key.blob.wireString + message.wireString + flags.bigEndianBytes
    }

    static func isFailure(_ reply: [UInt8]) -> Bool { reply.first == failure }

    /// The keys of a reply; one of a kind that can't be read is left out.
    static func keys(in reply: [UInt8]) -> [Key]? {
        var reader = WireReader(reply)
        guard reader.byte() == identitiesAnswer, let count = reader.number(),
            count <= mostKeys
        else { return nil }
        var keys: [Key] = []
        for _ in 0..<count {
            guard let blob = reader.string(), let comment = reader.string() else { return nil }
            guard let key = PublicKey(blob: blob) else { continue }
            keys.append(Key(publicKey: key, comment: visible(comment)))
        }
        return keys
    }

    /// The bare signature of a reply, if it was made with the algorithm.
    static func signature(in reply: [UInt8], algorithm: String) -> [UInt8]? {
        var reader = WireReader(reply)
        guard reader.byte() == signResponse, let blob = reader.string() else { return nil }
        var parts = WireReader(blob)
        guard parts.word() == algorithm, let signature = parts.string() else { return nil }
        return signature
    }

    /// A comment, with nothing in it that could move a cursor, and not too long a one.
    private static func visible(_ comment: [UInt8]) -> String {
        let text = String(decoding: comment.prefix(200), as: UTF8.self)
        return String(
            text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }
                .map(Character.init))
    }
}

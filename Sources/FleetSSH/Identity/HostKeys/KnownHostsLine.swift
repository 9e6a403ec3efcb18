/// One line of a known hosts file (SSH_KNOWN_HOSTS in sshd(8)).
struct KnownHostsLine: Hashable, Sendable {
    enum Marker: Hashable {
        /// The key is the host's.
        case known
        /// The key must never be taken from the host.
        case revoked
        /// The key signs certificates of the host; it says nothing of plain keys.
        case certAuthority
    }

    /// Why a line is skipped.
    enum Flaw: String, Error {
        case marker = "its marker is neither @revoked nor @cert-authority"
        case hash = "its hashed name is broken"
        case incomplete = "it ends before its key"
        case key = "its key is broken"
    }

    let marker: Marker
    let names: KnownHostNames
    let key: PublicKey

    /// Reads a line without its line feed; `nil` for a comment or an empty one.
    init?(_ bytes: some Collection<UInt8>) throws(Flaw) {
        var fields = Self.fields(of: Array(bytes))
        guard let first = fields.first, first.first != UInt8(ascii: "#") else { return nil }
        marker = try Self.marker(&fields)
        guard fields.count >= 3 else { throw .incomplete }
        guard let names = KnownHostNames(fields[0]) else { throw .hash }
        let base64 = String(decoding: fields[2], as: UTF8.self)
        guard let key = PublicKey(base64: base64), fields[1].elementsEqual(key.type.utf8) else {
            throw .key
        }
        (self.names, self.key) = (names, key)
    }

    /// The fields between blanks. A carriage return at the end is one of an editor's.
    private static func fields(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
        return line.split(whereSeparator: \.isBlank)
    }

    private static func marker(_ fields: inout [ArraySlice<UInt8>]) throws(Flaw) -> Marker {
        guard let first = fields.first, first.first == UInt8(ascii: "@") else { return .known }
        fields.removeFirst()
        switch String(decoding: first, as: UTF8.self) {
        case "@revoked": return .revoked
        case "@cert-authority": return .certAuthority
        default: throw .marker
        }
    }

    /// Whether the name stands behind a hash.
    var isHashed: Bool {
        if case .hashed = names { true } else { false }
    }
}

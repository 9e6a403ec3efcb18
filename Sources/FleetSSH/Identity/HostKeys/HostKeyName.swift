/// The names under which known hosts files may know a host, the nearest first.
struct HostKeyName: Hashable, Sendable {
    /// The name that counts, such as `[fra.example.net]:2222`.
    let primary: String
    /// The plain name, asked only where nothing is known of the first.
    let fallback: String?

    init(_ hop: SSHHop) {
        self.init(host: hop.host, port: hop.port, alias: hop.hostKeyAlias)
    }

    /// An alias stands for host and port together, as it does for OpenSSH.
    init(host: String, port: Int, alias: String? = nil) {
        let plain = String(decoding: (alias ?? host).utf8.map(\.lowercased), as: UTF8.self)
        let isPlain = port == 22 || alias != nil
        primary = isPlain ? plain : "[\(plain)]:\(port)"
        fallback = isPlain ? nil : plain
    }

    var all: [String] { [primary] + (fallback.map { [$0] } ?? []) }

    /// Whether the name can stand in a file without being read as something else.
    var isWritable: Bool {
        let banned = Set(" \t\r\n,*?!|#@\"\\".utf8)
        return !primary.isEmpty && primary.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
            && !primary.utf8.contains(where: banned.contains)
    }
}

/// One host of a `ProxyJump` list: `[user@]host[:port]` or a URI.
struct JumpHost: Hashable, Sendable {
    let query: SSHQuery

    /// `nil` for what is no such thing.
    init?(_ text: Substring) {
        var rest = text
        if rest.hasPrefix("ssh://") {
            rest = rest.dropFirst("ssh://".count)
            if rest.hasSuffix("/") { rest = rest.dropLast() }
        }
        var user: String?
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        guard let (host, port) = Self.hostAndPort(rest) else { return nil }
        query = SSHQuery(host, user: user, port: port)
        if !query.isSafe { return nil }
    }

    /// A colon stands before a port, unless several make an address of version 6.
    private static func hostAndPort(_ text: Substring) -> (String, Int?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (String(host), nil) }
            guard rest.hasPrefix(":"), let port = port(rest.dropFirst()) else { return nil }
            return (String(host), port)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return (String(text), nil) }
        return port(parts[1]).map { (String(parts[0]), $0) }
    }

    private static func port(_ text: Substring) -> Int? {
        guard let port = Int(text), (1...65_535).contains(port), !text.hasPrefix("+") else {
            return nil
        }
        return port
    }

    /// The hosts of a list; `nil` when one of them can't be read.
    static func list(_ text: String) -> [JumpHost]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let hosts = parts.map { part in
            JumpHost(part.drop { $0 == " " }.prefix { $0 != " " })
        }
        return hosts.contains(nil) ? nil : hosts.compactMap { $0 }
    }
}

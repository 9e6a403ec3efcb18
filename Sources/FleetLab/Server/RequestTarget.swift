/// Whom a request is for, and what it asks of them.
enum RequestTarget: Hashable, Sendable {
    /// The lab itself; the target is below `/lab/v1`.
    case lab(String)
    case cluster(String, String)
    case nowhere

    /// - Parameters:
    ///   - target: of the request line: a path, or a whole URL as proxies get it.
    ///   - host: of the Host header.
    init(_ target: String, host: String) {
        let (host, path) = Self.split(target, host)
        if let name = Self.cluster(at: host) {
            self = .cluster(name, path)
        } else if path.hasPrefix("/lab/v1/") {
            self = .lab(String(path.dropFirst("/lab/v1".count)))
        } else if path.hasPrefix("/clusters/") {
            let below = path.dropFirst("/clusters/".count)
            let name = below.prefix { $0 != "/" && $0 != "?" }
            self = .cluster(String(name), String(below.dropFirst(name.count)))
        } else {
            self = .nowhere
        }
    }

    private static func split(_ target: String, _ host: String) -> (host: String, path: String) {
        let scheme = "http://"
        guard target.hasPrefix(scheme) else { return (host, target) }
        let url = target.dropFirst(scheme.count)
        let authority = url.prefix { $0 != "/" && $0 != "?" }
        let path = String(url.dropFirst(authority.count))
        return (String(authority), path.hasPrefix("/") ? path : "/" + path)
    }

    /// The cluster in `NAME.lab` or `NAME.lab:80`.
    private static func cluster(at host: String) -> String? {
        let name = host.prefix { $0 != ":" }
        guard name.hasSuffix(ClusterAddress.domain) else { return nil }
        return String(name.dropLast(ClusterAddress.domain.count))
    }
}

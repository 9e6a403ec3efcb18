/// Whom a request is for, and what it asks of them.
enum RequestTarget: Hashable, Sendable {
    /// The lab itself; the target is below `/lab/v1`.
    case lab(String)
    case cluster(String, String)
    /// A Service of a cluster, called from outside.
    case users(String, namespace: String, service: String)
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
        } else if let users = Self.users(at: path) {
            self = users
        } else {
            self = .nowhere
        }
    }

    /// `/users/CLUSTER/NAMESPACE/SERVICE`, and whatever comes after it.
    private static func users(at path: String) -> RequestTarget? {
        let parts = path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        guard parts.count >= 4, parts[0] == "users" else { return nil }
        return .users(parts[1], namespace: parts[2], service: parts[3])
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

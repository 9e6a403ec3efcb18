import FleetModel

/// Whether the new gateways have the certificates that their servers ask for.
///
/// A gateway takes them from Secrets of its own namespace, wherever its Gateway is written. They
/// are seen by their names alone.
struct GatewayCertificates: Sendable {
    let kubectl: Kubectl

    static let paths = [APIPath.gateways, APIPath.pods]
    private static let namespace = BigBangPackages.gatewayNamespace

    /// As a table, for which the server sends no values.
    private var secrets: Reading {
        .trial(
            kubectl.ask(
                ["-n", Self.namespace, "get", "secrets", "--no-headers"],
                purpose: "see which secrets are in namespace \(Self.namespace)"))
    }

    var readings: [Reading] { .paths(Self.paths) + [secrets] }

    enum Finding: Hashable, Sendable {
        /// What is missing, in words.
        case missing([String])
        /// Nobody may look, and why.
        case unseen(String)
    }

    func look(_ view: ClusterView) throws(Pause) -> Finding {
        try view.require(readings)
        let servers = try servers(view)
        guard !servers.isEmpty else { return .missing([]) }
        guard case .found(let json) = try view.result(of: secrets), let report = ToolReport(json)
        else { throw .unclear("which secrets are in \(Self.namespace) was not answered") }
        guard report.exit == 0 else {
            let words = report.stderr.split(whereSeparator: \.isNewline).first.map(String.init)
            guard report.stderr.lowercased().contains("forbidden") else {
                throw .unclear(words ?? "kubectl get secrets failed")
            }
            return .unseen(words ?? "forbidden")
        }
        let names = Set(
            report.stdout.split(whereSeparator: \.isNewline)
                .compactMap { $0.split(separator: " ").first.map(String.init) })
        return .missing(servers.filter { !names.contains($0.secret) }.map(\.words))
    }

    /// A name under which somebody asks for a certificate.
    private struct Server {
        let secret: String
        let words: String
    }

    /// What the Gateways of the new gateways' pods ask for, each once and in order.
    private func servers(_ view: ClusterView) throws(Pause) -> [Server] {
        let pods = try view.pods().filter {
            $0.namespace == Self.namespace && $0.isAlive && !$0.isTerminating
        }
        let gateways = try (view.optionalList(APIPath.gateways) ?? [])
            .filter { gateway in
                let selector = Selector(matchLabels: gateway.spec["selector"]?.strings ?? [:])
                return !gateway.isTerminating && pods.contains { selector.matches($0.labels) }
            }.sorted { $0.qualifiedName < $1.qualifiedName }
        return gateways.flatMap { gateway in
            gateway.spec.items("servers").flatMap { server in
                server.secrets.map { secret in
                    let hosts = server.items("hosts").compactMap(\.string).summary
                    return Server(
                        secret: secret,
                        words: "Secret \(Self.namespace)/\(secret), the certificate of \(hosts) "
                            + "at Gateway \(gateway.qualifiedName)")
                }
            }
        }
    }
}

extension JSON {
    /// The Secrets that a Gateway's server takes its certificates from.
    fileprivate var secrets: [String] {
        let tls = self["tls"] ?? .null
        let written =
            [tls["credentialName"]].compactMap { $0?.nonEmpty }
            + tls.items("credentialNames").compactMap(\.nonEmpty)
        // The scheme names the kind of store, and this is the one that there is.
        return written.map { $0.hasPrefix(scheme) ? String($0.dropFirst(scheme.count)) : $0 }
    }
}

private let scheme = "kubernetes://"

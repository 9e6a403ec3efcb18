import FleetModel
import FleetSSH

extension BastionReport {
    /// The findings, a name and a value each, in the order they are shown.
    var findings: [(name: String, value: String)] {
        let route = way.route.hops.map(\.description).joined(separator: " → ")
        return [("route", route), ("transport", transport)] + keys + connection + surroundings
    }

    private var transport: String {
        switch way.transport.choice {
        case .libssh2: facts.map { "libssh2, \($0.keyExchange), \($0.cipher)" } ?? "libssh2"
        case .openSSH(let reason): "OpenSSH's ssh, because of \(reason)"
        }
    }

    private var keys: [(name: String, value: String)] {
        zip(way.route.hops, hostKeys).compactMap { hop, key in
            guard let key else { return nil }
            let isLast = hop == way.route.destination
            return (
                isLast ? "host key" : "gateway key",
                "\(key.key), known by \(key.voucher ?? "nothing any more")"
            )
        }
    }

    private var connection: [(name: String, value: String)] {
        guard let facts else { return [] }
        return [
            ("server", facts.serverVersion), ("login", facts.identity),
            ("round trip", "\(milliseconds(facts.roundTrip)) ms"), ("channels", channelWords),
        ]
    }

    private var channelWords: String {
        switch channels {
        case .exactly(let count): "\(count) on a connection, and no more"
        case .atLeast(let count): "\(count) or more on a connection"
        case nil: "unknown"
        }
    }

    private var surroundings: [(name: String, value: String)] {
        guard let survey else { return [] }
        let tools = survey.tools.sorted { $0.key < $1.key }.map(\.value)
        return [
            ("tools", tools.joined(separator: " ")),
            ("kubectl", survey.kubectlVersion ?? "unknown"),
            ("contexts", contexts(survey)),
            ("clock", skew.map { "\($0.inMilliseconds / 1_000) s ahead" } ?? "unknown"),
            ("free", survey.freeKilobytes.map { "\($0 / 1_024) MB" } ?? "unknown"),
        ]
    }

    /// Hundreds of contexts are a number; which are missing is said elsewhere.
    private func contexts(_ survey: BastionSurvey) -> String {
        let all = survey.allContexts
        let behind = clusters.count - survey.clustersWithoutContext(clusters).count
        let names = all.count <= Self.mostContexts ? ": \(all.joined(separator: " "))" : ""
        return "\(behind) of \(clusters.count) clusters behind it\(all.isEmpty ? "" : names)"
    }

    private static let mostContexts = 8

    /// With two decimals.
    private func milliseconds(_ duration: Duration) -> String {
        "\((duration / .microseconds(10)).rounded() / 100)"
    }
}

extension BastionReport {
    /// The report as one line of JSON: the findings as they are shown, and apart what a
    /// program would want to ask for.
    var json: String {
        let values = findings.map { ($0.name, JSON.string($0.value)) }
        var members = Dictionary(values) { $1 }
        members["bastion"] = .string(way.bastion.name.rawValue)
        members["failure"] = failure.map(JSON.string)
        members["warnings"] = .array(warnings.map(JSON.string))
        members["skippedLines"] = .array(skippedLines.map(JSON.string))
        members["hostKeys"] = .array(zip(way.route.hops, hostKeys).map(keyJSON))
        members["transportReason"] = transportReason.map(JSON.string)
        if case .exactly(let count) = channels { members["maxSessions"] = .int(Int64(count)) }
        if case .atLeast(let count) = channels {
            members["maxSessionsAtLeast"] = .int(Int64(count))
        }
        members["skewSeconds"] = skew.map { .int($0.inMilliseconds / 1_000) }
        members["missingContexts"] = survey.map { survey in
            .array(survey.clustersWithoutContext(clusters).map(contextJSON))
        }
        return JSON.object(members).description
    }

    private var transportReason: String? {
        if case .openSSH(let reason) = way.transport.choice { reason } else { nil }
    }

    private func keyJSON(_ hop: SSHHop, _ key: HostKeyTestimony?) -> JSON {
        var members: [String: JSON] = ["host": .string(hop.description)]
        members["key"] = key.map { .string($0.key) }
        members["knownBy"] = key?.voucher.map(JSON.string)
        return .object(members)
    }

    private func contextJSON(_ cluster: Cluster) -> JSON {
        var members: [String: JSON] = [
            "cluster": .string(cluster.name.rawValue),
            "context": .string(cluster.context.rawValue),
        ]
        members["kubeconfig"] = cluster.kubeconfig.map(JSON.string)
        return .object(members)
    }
}

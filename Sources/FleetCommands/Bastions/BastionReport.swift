import FleetModel
import FleetRunner
import FleetSSH

/// What a check found out about one bastion.
struct BastionReport: Sendable {
    let way: BastionWay
    let clusters: [Cluster]
    /// Why the bastion can't be used, if it can't.
    let failure: String?
    let survey: BastionSurvey?
    let facts: ConnectionFacts?
    /// How far its clock is ahead of ours.
    let skew: Duration?

    var warnings: [String] { survey?.warnings(clusters: clusters, skew: skew) ?? [] }

    /// Asks a bastion whatever can be asked in one line.
    static func make(
        of way: BastionWay, for clusters: [Cluster], by executor: any CommandExecutor
    ) async -> BastionReport {
        let look = await BastionLook.take(at: way.bastion, for: clusters, by: executor)
        return BastionReport(
            way: way, clusters: clusters, failure: look.failure, survey: look.survey,
            facts: await way.native.facts, skew: look.skew)
    }
}

extension BastionReport {
    /// The findings, a name and a value each, in the order they are shown.
    var findings: [(name: String, value: String)] {
        var findings = [("route", way.route.hops.map(\.description).joined(separator: " → "))]
        findings.append(("transport", transport))
        if let facts {
            findings += [
                ("server", facts.serverVersion), ("host key", facts.hostKeyAlgorithm),
                ("login", facts.identity), ("round trip", "\(milliseconds(facts.roundTrip)) ms"),
                ("channels", facts.channelLimit.map { "\($0) a connection" } ?? "no limit met"),
            ]
        }
        if let survey {
            findings += [
                (
                    "tools",
                    survey.tools.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
                ),
                ("kubectl", survey.kubectlVersion ?? "unknown"),
                ("contexts", survey.contexts.joined(separator: " ")),
                ("clock", skew.map { "\($0.inMilliseconds / 1_000) s ahead" } ?? "unknown"),
                ("free", survey.freeKilobytes.map { "\($0 / 1_024) MB" } ?? "unknown"),
            ]
        }
        return findings
    }

    private var transport: String {
        switch way.transport.choice {
        case .libssh2: facts.map { "libssh2, \($0.keyExchange), \($0.cipher)" } ?? "libssh2"
        case .openSSH(let reason): "OpenSSH's ssh, because of \(reason)"
        }
    }

    /// With two decimals.
    private func milliseconds(_ duration: Duration) -> String {
        "\((duration / .microseconds(10)).rounded() / 100)"
    }

    var json: String {
        let values = findings.map { ($0.name, JSON.string($0.value)) }
        var members = Dictionary(values) { $1 }
        members["bastion"] = .string(way.bastion.name.rawValue)
        members["failure"] = failure.map(JSON.string)
        members["warnings"] = .array(warnings.map(JSON.string))
        return JSON.object(members).description
    }
}

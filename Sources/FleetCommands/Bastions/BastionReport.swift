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
    /// The channels that it gives on one connection.
    let channels: ChannelProbe.Finding?
    /// The keys that the hosts of the way have shown, in its order.
    let hostKeys: [HostKeyTestimony?]
    /// Lines of known hosts files that nobody could read.
    let skippedLines: [String]
    /// How far its clock is ahead of ours.
    let skew: Duration?

    /// Asks a bastion whatever can be asked in one line, and then how many channels it gives.
    static func make(
        of way: BastionWay, for clusters: [Cluster], by executor: any CommandExecutor
    ) async -> BastionReport {
        let look = await BastionLook.take(at: way.bastion, for: clusters, by: executor)
        return BastionReport(
            way: way, clusters: clusters, failure: look.failure, survey: look.survey,
            facts: await way.native.facts,
            channels: look.survey == nil ? nil : await way.channels(),
            hostKeys: way.route.hops.map(way.witness.testimony), skippedLines: way.skippedLines,
            skew: look.skew)
    }
}

extension BastionReport {
    /// What needs care, each with what to do about it.
    var warnings: [String] {
        (survey?.warnings(clusters: clusters, skew: skew) ?? []) + channelWarnings
            + skippedWarnings
    }

    private var channelWarnings: [String] {
        guard case .exactly(let count) = channels, count < way.bastion.channelsPerConnection
        else { return [] }
        return [
            "it gives only \(count) of \(way.bastion.channelsPerConnection) channels on a "
                + "connection: raise MaxSessions in its sshd_config"
        ]
    }

    /// A file that is no known hosts file at all must not fill the screen.
    private var skippedWarnings: [String] {
        let shown = skippedLines.prefix(Self.mostSkipped).map { "a line was skipped, \($0)" }
        let left = skippedLines.count - shown.count
        return shown + (left > 0 ? ["\(left) more lines of known hosts were skipped"] : [])
    }

    private static let mostSkipped = 5
}

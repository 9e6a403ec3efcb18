import FleetModel
import FleetSSH

/// A bastion with the way that was found to it.
struct BastionWay: Sendable {
    let bastion: Bastion
    let route: SSHRoute
    let transport: AdaptiveTransport
    /// The same way by libssh2 alone, which knows more of its connections.
    let native: LibSSH2Transport
    let witness: HostKeyWitness
    let probe: ChannelProbe

    var access: BastionAccess { BastionAccess(bastion, through: transport) }
}

extension BastionWay {
    /// How many channels the bastion gives on one connection, up to what its pool would
    /// ever open. `nil` when only OpenSSH's program can connect, which can't be asked.
    func channels() async -> ChannelProbe.Finding? {
        guard transport.choice == .libssh2 else { return nil }
        return await probe.channels(upTo: bastion.channelsPerConnection + Self.reserve)
    }

    /// Channels that a connection may have besides those of ordinary commands.
    private static let reserve = 2

    /// The lines of known hosts files that can't be read, and are skipped, on the whole way.
    var skippedLines: [String] {
        var lines: [String] = []
        for hop in route.hops {
            // A file that can't be read at all was reported by the attempt to connect.
            let skipped = (try? KnownHostsJudge().skippedLines(of: hop)) ?? []
            lines += skipped.filter { !lines.contains($0) }
        }
        return lines
    }
}

/// A bastion that can't be reached, as the operator is told.
struct BastionTrouble: OperatorError {
    let bastion: BastionName
    let trouble: SSHTrouble

    var problem: String { "bastion \(bastion.rawValue.quoted): \(trouble.reason)" }
    var hint: String? { trouble.hint ?? "run `bellwether bastion check \(bastion)`" }
    var exitCode: FleetModel.ExitCode { trouble.kind == .unusable ? .badInput : .unavailable }
}

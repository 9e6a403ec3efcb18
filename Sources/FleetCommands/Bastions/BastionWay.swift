import FleetModel
import FleetSSH

/// A bastion with the way that was found to it.
struct BastionWay: Sendable {
    let bastion: Bastion
    let route: SSHRoute
    let transport: AdaptiveTransport
    /// The same way by libssh2 alone, which knows more of its connections.
    let native: LibSSH2Transport

    var access: BastionAccess { BastionAccess(bastion, through: transport) }
}

/// A bastion that can't be reached, as the operator is told.
struct BastionTrouble: OperatorError {
    let bastion: BastionName
    let trouble: SSHTrouble

    var problem: String { "bastion \(bastion.rawValue.quoted): \(trouble.reason)" }
    var hint: String? { trouble.hint ?? "run `bellwether bastion check \(bastion)`" }
    var exitCode: FleetModel.ExitCode { trouble.kind == .unusable ? .badInput : .unavailable }
}

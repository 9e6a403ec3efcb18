import FleetSSH
import FleetTestKit

/// The transports by which a real server is reached.
enum Way: String, CaseIterable, Sendable {
    case openSSH, libSSH2, dispatched

    func open(
        _ server: TestSSHD
    ) throws -> (transport: any BastionTransport, close: @Sendable () async -> Void) {
        switch self {
        case .openSSH:
            let transport = try server.openSSH()
            return (transport, { await transport.close() })
        case .libSSH2, .dispatched:
            let connections = SSHConnections(to: [server])
            let transport = connections.transport(
                along: SSHRoute([server.hop]),
                limits: self == .dispatched ? .dispatching : PoolLimits())
            return (transport, { await connections.close() })
        }
    }
}

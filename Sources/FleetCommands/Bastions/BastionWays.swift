import FleetModel
import FleetRunner
import FleetSSH
import Foundation
import Synchronization

/// Finds and keeps the ways to a project's bastions. Connects to none by itself.
final class BastionWays: Sendable {
    private let local: any CommandExecutor
    private let environment: LocalEnvironment
    private let tools: ToolPaths
    private let passphrases: any PassphraseSource
    private let authenticator: KeyAuthenticator
    private let witness = HostKeyWitness()
    private let connections: SSHConnections
    /// Transports that own processes and files, to be given back at the end.
    private let programs = Mutex<[OpenSSHTransport]>([])

    /// The local executor asks OpenSSH's program about its configuration.
    init(
        local: any CommandExecutor, environment: LocalEnvironment,
        passphrases: any PassphraseSource
    ) {
        (self.local, self.environment, self.passphrases) = (local, environment, passphrases)
        authenticator = KeyAuthenticator(passphrases: passphrases)
        tools = ToolPaths(searchPath: environment.searchPath)
        connections = SSHConnections(judge: witness, authenticator: authenticator)
    }

    /// Reads the configuration of each bastion, and asks for passphrases while
    /// somebody is there to type them. Afterwards nobody is asked any more.
    func find(_ bastions: [Bastion]) async throws -> [BastionWay] {
        let source = SSHConfiguration(
            executor: local, tools: tools, surroundings: .current())
        let resolver = SSHConfigurationResolver(
            bastions: bastions, source: source, surroundings: .current())
        var ways: [BastionWay] = []
        defer { passphrases.stopAsking() }
        for bastion in bastions {
            do throws(SSHTrouble) {
                let route = try await resolver.route(to: bastion.name)
                try await prepare(route)
                ways.append(way(to: bastion, along: route))
            } catch {
                throw BastionTrouble(bastion: bastion.name, trouble: error)
            }
        }
        return ways
    }

    /// What libssh2 can't log in with is left to OpenSSH's program, which asks nobody: its
    /// locked keys must be an agent's.
    private func prepare(_ route: SSHRoute) async throws(SSHTrouble) {
        guard route.hops.allSatisfy(\.needsOpenSSH.isEmpty) else { return }
        for hop in route.hops {
            do throws(SSHTrouble) {
                try await authenticator.prepare(for: hop)
            } catch {
                guard error.kind == .unsupported else { throw error }
                return
            }
        }
    }

    func close() async {
        await connections.close()
        for program in programs.withLock(\.self) { await program.close() }
    }

    private func way(to bastion: Bastion, along route: SSHRoute) -> BastionWay {
        var limits = PoolLimits()
        limits.connections = bastion.maxConnections
        limits.session.channels = bastion.channelsPerConnection
        let native = connections.transport(along: route, limits: limits)
        let transport = AdaptiveTransport(
            first: native, demands: route.hops.flatMap(\.needsOpenSSH)
        ) { [self] () throws(SSHTrouble) in try program(for: bastion, along: route) }
        return BastionWay(
            bastion: bastion, route: route, transport: transport, native: native,
            witness: witness,
            probe: ChannelProbe(along: route, judge: witness, authenticator: authenticator))
    }

    private func program(
        for bastion: Bastion, along route: SSHRoute
    ) throws(SSHTrouble) -> any BastionTransport {
        guard let path = tools.path(of: "ssh") else {
            throw SSHTrouble(.unusable, "OpenSSH's `ssh` is needed and was not found")
        }
        let transport = try OpenSSHTransport(
            route, program: path, environment: environment, limits: OpenSSHLimits(for: bastion))
        programs.withLock { $0.append(transport) }
        return transport
    }
}

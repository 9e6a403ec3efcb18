import FleetRunner
import FleetSSH
import FleetTestKit
import Foundation

extension TestSSHD {
    /// The server as the one hop of a route.
    var openSSHHop: SSHHop {
        SSHHop(
            host: host, port: port, user: user, knownHostsFiles: [knownHostsFile],
            identityFiles: [clientKey])
    }

    func openSSH(_ limits: OpenSSHLimits = .quick) throws -> OpenSSHTransport {
        try .test(SSHRoute([openSSHHop]), limits)
    }
}

extension OpenSSHLimits {
    /// Short waits: nothing is far away.
    static var quick: OpenSSHLimits {
        var limits = OpenSSHLimits()
        limits.connections = 2
        limits.firstPause = .milliseconds(20)
        limits.longestPause = .milliseconds(200)
        return limits
    }
}

extension OpenSSHTransport {
    static func test(
        _ route: SSHRoute, _ limits: OpenSSHLimits = .quick, userFiles: [String] = []
    ) throws -> OpenSSHTransport {
        try OpenSSHTransport(
            route, environment: LocalEnvironment(from: ProcessInfo.processInfo.environment),
            limits: limits, userFiles: userFiles)
    }
}

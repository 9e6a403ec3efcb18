import Foundation

@testable import FleetSSH

/// What the real `ssh` says of a host's key, with a real sshd behind a pipe.
///
/// The server is the client's `ProxyCommand`, so that it needs no port and any name
/// can be asked for.
struct SSHVerdict: Hashable {
    enum Word { case accepted, unknown, changed, revoked, other }

    let word: Word
    let words: String

    init(
        host: String, port: Int, knownHosts: [String], options: [String] = [],
        serverKey: HostKeyPair, in scratch: ScratchDirectory
    ) throws {
        let configuration = try scratch.write(
            "HostKey \(serverKey.path)\nUsePAM no\nStrictModes no\nPidFile none\n",
            to: "sshd_config")
        let files = knownHosts.joined(separator: " ")
        let ssh = try Program.run(
            "/usr/bin/ssh",
            [
                "-F", "none", "-p", "\(port)", "-o", "BatchMode=yes",
                "-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=\(files)",
                "-o", "GlobalKnownHostsFile=none", "-o", "KexAlgorithms=curve25519-sha256",
                "-o", "PreferredAuthentications=none",
                "-o", "ProxyCommand=/usr/sbin/sshd -i -f \(configuration)",
            ] + options + [host, "true"], in: scratch)
        words = ssh.stderr
        word = Self.word(in: ssh.stderr)
    }

    private static func word(in text: String) -> Word {
        if text.contains("REVOKED HOST KEY") { return .revoked }
        if text.contains("HOST IDENTIFICATION HAS CHANGED") { return .changed }
        if text.contains("host key is known for") { return .unknown }
        return text.contains("Permission denied") ? .accepted : .other
    }
}

extension HostKeyVerdict {
    var word: SSHVerdict.Word {
        switch self {
        case .known: .accepted
        case .unknown: .unknown
        case .changed: .changed
        case .revoked: .revoked
        }
    }
}

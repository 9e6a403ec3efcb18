import Foundation
import Glibc

/// A network namespace of a test's own at the other end of a cable: another host, as far
/// as the network is concerned. Needs root, `ip`, and a kernel that lets us.
///
/// Whoever makes one removes it, with ``remove()``; a server in it is stopped before.
public final class TestNetwork: Sendable {
    /// As `ip netns` knows it.
    public let name: String
    /// Where it is reached from here.
    public let address: String
    private let subnet: String
    private var ourEnd: String { "\(name)a" }
    private var farEnd: String { "\(name)b" }

    /// Whether there can be one here.
    public static let isPossible = objection == nil

    /// Why there can be none here, in words for whoever wonders about a skipped test.
    public static let objection: String? = {
        guard getuid() == 0 else { return "only root may make a network namespace" }
        guard ip != nil else { return "there is no `ip` (Debian's iproute2)" }
        do {
            try TestNetwork().remove()
            return nil
        } catch {
            return "no network namespace can be made here: \(error)"
        }
    }()

    /// Makes one, and the cable to it.
    ///
    /// The private addresses, each with the length of its network, such as `10.0.0.7/24`, are
    /// known within it alone: two networks may have the same ones.
    public init(private addresses: [String] = []) throws {
        name = "bw" + String(UInt32.random(in: .min ... .max), radix: 16)
        // RFC 2544 keeps these for measurements: no real network has them.
        let third = Int.random(in: 0...255)
        let fourth = Int.random(in: 0...63) * 4
        let prefix = "198.18.\(third)"
        (subnet, address) = ("\(prefix).\(fourth)/30", "\(prefix).\(fourth + 2)")
        do {
            try Self.run(["netns", "add", name])
            try Self.run(
                ["link", "add", ourEnd, "type", "veth", "peer", "name", farEnd, "netns", name])
            try Self.run(["address", "add", "\(prefix).\(fourth + 1)/30", "dev", ourEnd])
            try Self.run(["link", "set", ourEnd, "up"])
            try there(["address", "add", "\(address)/30", "dev", farEnd])
            try there(["link", "set", farEnd, "up"])
            try there(["link", "set", "lo", "up"])
            for address in addresses { try there(["address", "add", address, "dev", "lo"]) }
        } catch {
            remove()
            throw error
        }
    }

    /// Drops its route to us. What arrives there arrives; no answer comes back, and nobody
    /// says so.
    public func dropRoute() throws { try there(["route", "del", subnet, "dev", farEnd]) }

    public func restoreRoute() throws {
        try there(["route", "add", subnet, "dev", farEnd, "src", address])
    }

    /// The namespace goes when the last process in it has ended; the cable goes now.
    public func remove() {
        for arguments in [["link", "del", ourEnd], ["netns", "del", name]] {
            // What was never made need not be removed.
            try? Self.run(arguments)
        }
    }

    /// What to put in front of a program and its arguments to run it in a namespace.
    public static func entering(_ name: String) -> [String] {
        [ip ?? "ip", "netns", "exec", name]
    }

    private static let ip = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private func there(_ arguments: [String]) throws { try Self.run(["-n", name] + arguments) }

    private static func run(_ arguments: [String]) throws {
        let log = FileManager.default.temporaryDirectory.path + "/ip-\(UUID().uuidString)"
        defer { unlink(log) }
        let pid = try TestSSHD.spawn([ip ?? "/nowhere"] + arguments, log: log)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        guard status != 0 else { return }
        let said = try String(contentsOfFile: log, encoding: .utf8)
        throw TestSSHD.Failure(
            description: "`ip \(arguments.joined(separator: " "))`: "
                + said.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

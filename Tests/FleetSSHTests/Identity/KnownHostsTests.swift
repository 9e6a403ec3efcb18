import Foundation
import Testing

@testable import FleetSSH

/// Each case is judged by us and by the real `ssh`, which must agree.
struct KnownHostsTests {
    /// `K` stands for the key that the server shows, `O` for another.
    struct Case: CustomTestStringConvertible {
        let name: String
        let files: [String]
        var host = "fra.example.net"
        var port = 2222
        var alias: String?
        let verdict: SSHVerdict.Word

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "nothing", files: [""], verdict: .unknown),
        Case(name: "host and port", files: ["[fra.example.net]:2222 K"], verdict: .accepted),
        Case(name: "plain host for a port", files: ["fra.example.net K"], verdict: .accepted),
        Case(
            name: "plain host, other key", files: ["fra.example.net O"], verdict: .unknown),
        Case(
            name: "other key for the port, right key for the host",
            files: ["[fra.example.net]:2222 O\nfra.example.net K"], verdict: .changed),
        Case(
            name: "other port only", files: ["[fra.example.net]:2223 K"], verdict: .unknown),
        Case(
            name: "port entry for port 22", files: ["[fra.example.net]:2222 K"], port: 22,
            verdict: .unknown),
        Case(name: "two keys", files: ["fra.example.net O\nfra.example.net K"], verdict: .accepted),
        Case(
            name: "revoked for all", files: ["@revoked * K\nfra.example.net K"], verdict: .revoked),
        Case(
            name: "revoked after, in another file",
            files: ["[fra.example.net]:2222 K", "@revoked [*]:* K"], verdict: .revoked),
        Case(
            name: "another key revoked", files: ["@revoked * O\nfra.example.net K"],
            verdict: .accepted),
        Case(
            name: "revoked for another host", files: ["@revoked x K\nfra.example.net K"],
            verdict: .accepted),
        Case(name: "wildcard", files: ["[fra.*]:2222 K"], verdict: .accepted),
        Case(name: "question mark", files: ["[fr?.example.net]:222? K"], verdict: .accepted),
        Case(name: "wildcard alone", files: ["* K"], verdict: .accepted),
        Case(name: "negation", files: ["*,![fra.example.net]:2222 K"], verdict: .accepted),
        Case(
            name: "negation of host and port", files: ["*.example.net,!fra.* K"], port: 22,
            verdict: .unknown),
        Case(name: "negation alone", files: ["!ams.example.net K"], port: 22, verdict: .unknown),
        Case(name: "list of names", files: ["ams,[fra.example.net]:2222 K"], verdict: .accepted),
        Case(name: "authority", files: ["@cert-authority * K"], verdict: .unknown),
        Case(
            name: "authority beside a key", files: ["@cert-authority * O\nfra.example.net K"],
            verdict: .accepted),
        Case(
            name: "broken line before",
            files: ["what is this\n[x ssh-rsa\n@odd * K\nfra.example.net K"], verdict: .accepted),
        Case(
            name: "broken key before", files: ["fra.example.net ssh-ed25519 AAA=\n* K"],
            verdict: .accepted),
        Case(name: "carriage returns", files: ["fra.example.net K\r\nx O\r\n"], verdict: .accepted),
        Case(name: "tabs and blanks", files: [" \tfra.example.net\t K a b"], verdict: .accepted),
        Case(name: "comments", files: ["# x\n\n  # fra.example.net O\n* K"], verdict: .accepted),
        Case(name: "capitals in the file", files: ["FRA.Example.NET K"], verdict: .accepted),
        Case(
            name: "capitals in the name", files: ["fra.example.net K"], host: "FRA.example.net",
            verdict: .accepted),
        Case(name: "two files", files: ["x O", "fra.example.net K"], verdict: .accepted),
        Case(
            name: "an address", files: ["[10.0.0.7]:2222,[::1]:2222 K"], host: "10.0.0.7",
            verdict: .accepted),
        Case(
            name: "an address of version 6", files: ["::1 K"], host: "::1", port: 22,
            verdict: .accepted),
        Case(
            name: "alias", files: ["vault K\nfra.example.net O"], alias: "vault",
            verdict: .accepted),
        Case(
            name: "alias has no port", files: ["[vault]:2222 K"], alias: "vault",
            verdict: .unknown),
        Case(
            name: "alias isn't the host", files: ["fra.example.net K"], alias: "vault",
            verdict: .unknown),
        Case(
            name: "no line feed at the end", files: ["x O\nfra.example.net K"], verdict: .accepted),
        Case(name: "empty names in a list", files: [",,fra.example.net,, K"], verdict: .accepted),
        Case(name: "hashed host", files: ["#H K"], verdict: .accepted),
        Case(name: "hashed host, other key", files: ["#P O\n#H K"], verdict: .changed),
        Case(name: "hashed host and port", files: ["#P K"], verdict: .accepted),
        Case(name: "revoked behind a hash", files: ["#P K\n@revoked #P K"], verdict: .revoked),
        Case(name: "broken hash", files: ["|1|abc|def K\n|2|x|y K"], verdict: .unknown),
    ]

    @Test(arguments: cases)
    func `a key is judged as ssh judges it`(example: Case) throws {
        let scratch = try ScratchDirectory()
        let shown = try HostKeyPair("ed25519", in: scratch)
        let other = try HostKeyPair("ed25519", in: scratch)
        let paths = try example.files.enumerated().map { index, text in
            try scratch.write(
                fill(text, key: shown.key, other: other.key), to: "known_hosts\(index)")
        }
        let options = example.alias.map { ["-o", "HostKeyAlias=\($0)"] } ?? []
        let ssh = try SSHVerdict(
            host: example.host, port: example.port, knownHosts: paths, options: options,
            serverKey: shown, in: scratch)
        #expect(ssh.word == example.verdict, "ssh says: \(ssh.words)")
        let name = HostKeyName(host: example.host, port: example.port, alias: example.alias)
        let ours = try KnownHosts(paths.map { try file(at: $0) }).verdict(on: shown.key, of: name)
        #expect(ours.word == example.verdict)
    }

    @Test(arguments: [
        ("[fra.example.net]:2222", "|", true), ("fra.example.net", "|", true),
        ("x,fra.*", "fra.example.net", true), ("*,!fra.*", "fra.example.net", false),
        ("FRA.example.net", "fra.example.net", true), ("ams", "fra.example.net", false),
    ])
    func `a line is found as ssh-keygen finds it`(
        names: String, asked: String, isFound: Bool
    ) throws {
        let scratch = try ScratchDirectory()
        let pair = try HostKeyPair("ecdsa", in: scratch)
        let path = try scratch.write("\(names) \(pair.key.text)\n", to: "known_hosts")
        let name = asked == "|" ? names : asked
        if asked == "|" {
            _ = try Program.run("/usr/bin/ssh-keygen", ["-q", "-H", "-f", path], in: scratch)
            #expect(try scratch.read("known_hosts").hasPrefix("|1|"))
        }
        let found = try Program.run("/usr/bin/ssh-keygen", ["-F", name, "-f", path], in: scratch)
        #expect((found.status == 0) == isFound)
        let line = try #require(try file(at: path).entries.first).line
        #expect(line.names.match(name) == isFound)
    }

    @Test func `a revoked plain name is revoked on every port, which ssh forgets`() throws {
        let scratch = try ScratchDirectory()
        let pair = try HostKeyPair("ed25519", in: scratch)
        let text = "@revoked fra.example.net \(pair.key.text)"
        let known = KnownHosts([KnownHostsFile(Array(text.utf8), path: "k")])
        let name = HostKeyName(host: "fra.example.net", port: 2222)
        #expect(known.verdict(on: pair.key, of: name) == .revoked(place: "k:1"))
    }

    @Test func `a fingerprint is the one that ssh-keygen prints`() throws {
        let scratch = try ScratchDirectory()
        for type in ["ed25519", "ecdsa", "rsa"] {
            let pair = try HostKeyPair(type, in: scratch)
            let shown = try Program.run(
                "/usr/bin/ssh-keygen", ["-lf", "\(pair.path).pub"], in: scratch)
            #expect(shown.stdout.contains(" \(pair.key.fingerprint) "))
            #expect(shown.stdout.contains("(\(pair.key.shortType))"))
        }
    }

    @Test func `a skipped line is reported with its place and reason`() {
        let file = KnownHostsFile(Array("# fine\n@odd x y z\nhost\n".utf8), path: "k")
        #expect(file.flaws.map(\.place) == ["k:2", "k:3"])
        #expect(file.flaws.map(\.reason)[1] == "it ends before its key")
    }

    @Test func `a line of stars costs no more than its length`() {
        let stars = String(repeating: "*a", count: 500)
        let patterns = PatternList(commaSeparated: stars.utf8)
        #expect(!patterns.matches(String(repeating: "a", count: 499).utf8))
        #expect(patterns.matches(String(repeating: "a", count: 501).utf8))
    }

    private func file(at path: String) throws -> KnownHostsFile {
        KnownHostsFile(Array(try Data(contentsOf: URL(filePath: path))), path: path)
    }

    private func fill(_ text: String, key: PublicKey, other: PublicKey) -> String {
        let salt = [UInt8](1...20)
        let hashed = { (name: String) in
            "|1|\(salt.base64)|\(Digests.hmacSHA1(Array(name.utf8), key: salt).base64)"
        }
        return text.replacingOccurrences(of: " K", with: " \(key.text)")
            .replacingOccurrences(of: " O", with: " \(other.text)")
            .replacingOccurrences(of: "#H", with: hashed("fra.example.net"))
            .replacingOccurrences(of: "#P", with: hashed("[fra.example.net]:2222"))
    }
}

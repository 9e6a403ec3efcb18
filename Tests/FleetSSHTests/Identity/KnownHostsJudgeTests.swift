import FleetTestKit
import FleetModel
import Foundation
import Synchronization
import Testing

@testable import FleetSSH

struct KnownHostsJudgeTests {
    private let scratch: ScratchDirectory
    private let shown: PublicKey
    private let other: PublicKey
    private var hop: SSHHop
    private let judge = KnownHostsJudge(salt: { [UInt8](repeating: 7, count: 20) })

    init() throws {
        scratch = try ScratchDirectory()
        shown = try HostKeyPair("ed25519", in: scratch).key
        other = try HostKeyPair("ecdsa", in: scratch).key
        hop = SSHHop(host: "fra.example.net", port: 2222, user: "deploy")
        hop.knownHostsFiles = ["\(scratch.path)/ssh/known_hosts", "\(scratch.path)/global"]
    }

    @Test func `an unknown host is refused with its fingerprint`() async throws {
        try scratch.write("fra.example.net ssh-ed25519 AAA\n", to: "global")
        let trouble = await trouble(with: shown, hop)
        #expect(trouble?.kind == .hostKeyUnknown)
        #expect(
            trouble?.reason == """
                no host key is known for deploy@fra.example.net:2222, and it shows \
                ED25519 \(shown.fingerprint); \(scratch.path)/global:1 was skipped: its key is broken
                """)
    }

    @Test func `a changed key is told with both fingerprints and the line`() async throws {
        try scratch.write("#\n[fra.example.net]:2222 \(other.text)\n", to: "global")
        let trouble = await trouble(with: shown, hop)
        #expect(trouble?.kind == .hostKeyChanged)
        #expect(
            trouble?.reason == """
                the host key of deploy@fra.example.net:2222 has changed: it shows \
                ED25519 \(shown.fingerprint), known is ECDSA \(other.fingerprint) \
                (\(scratch.path)/global:2)
                """)
        #expect(trouble?.hint?.contains("-R '[fra.example.net]:2222' -f") == true)
    }

    @Test func `a changed key is refused even where new ones are accepted`() async throws {
        try scratch.write("fra.example.net,[fra.example.net]:2222 \(other.text)\n", to: "global")
        #expect(await trouble(with: shown, accepting(hop))?.kind == .hostKeyChanged)
        #expect(!FileManager.default.fileExists(atPath: hop.knownHostsFiles[0]))
    }

    @Test func `a revoked key is refused even when it is pinned and known`() async throws {
        try scratch.write("@revoked * \(shown.text)\n* \(shown.text)\n", to: "global")
        var hop = hop
        hop.pins = [shown.fingerprint]
        let trouble = await trouble(with: shown, hop)
        #expect(trouble?.kind == .hostKeyChanged)
        #expect(trouble?.reason.hasSuffix("is revoked at \(scratch.path)/global:1") == true)
    }

    @Test func `a new host is remembered where the policy says so`() async throws {
        #expect(await trouble(with: shown, accepting(hop)) == nil)
        let text = try scratch.read("ssh/known_hosts")
        #expect(text == "[fra.example.net]:2222 \(shown.text)\n")
        #expect(try mode(of: hop.knownHostsFiles[0]) == 0o600)
        #expect(await trouble(with: shown, hop) == nil)
        #expect(await trouble(with: other, accepting(hop))?.kind == .hostKeyChanged)
    }

    @Test func `the name is hidden where the configuration says so`() async throws {
        var hop = accepting(hop)
        hop.hashesKnownHosts = true
        #expect(await trouble(with: shown, hop) == nil)
        #expect(try scratch.read("ssh/known_hosts").hasPrefix("|1|BwcHBwcHBwcHBwcHBwcHBwcHBwc=|"))
        let found = try Program.run(
            "/usr/bin/ssh-keygen",
            ["-F", "[fra.example.net]:2222", "-f", hop.knownHostsFiles[0]], in: scratch)
        #expect(found.stdout.contains(shown.text))
    }

    @Test(arguments: [(true, "ams K\n"), (false, "|1|H|H K\n")])
    func `the file's other lines say whether names are hidden`(
        hashes: Bool, line: String
    ) async throws {
        let digest = [UInt8](repeating: 1, count: 20).base64
        let text = line.replacing("H", with: digest).replacing(" K", with: " \(other.text)")
        try scratch.write(text, to: "ssh/known_hosts")
        var hop = accepting(hop)
        hop.hashesKnownHosts = hashes
        #expect(await trouble(with: shown, hop) == nil)
        let added = try scratch.read("ssh/known_hosts").dropFirst(text.count)
        #expect(added.hasPrefix("|1|") != hashes)
    }

    @Test func `a file without a line feed at its end loses nothing`() async throws {
        try scratch.write("ams \(other.text)", to: "ssh/known_hosts")
        #expect(await trouble(with: shown, accepting(hop)) == nil)
        let lines = try scratch.read("ssh/known_hosts").split(separator: "\n")
        #expect(lines == ["ams \(other.text)", "[fra.example.net]:2222 \(shown.text)"])
    }

    @Test func `many at once keep every line`() async throws {
        let hops = (0..<40).map { number in
            var hop = accepting(hop)
            hop.host = "host-\(number)"
            return hop
        }
        await withTaskGroup(of: SSHTrouble?.self) { group in
            for hop in hops { group.addTask { await trouble(with: shown, hop) } }
            for await trouble in group { #expect(trouble == nil) }
        }
        let lines = try scratch.read("ssh/known_hosts").split(separator: "\n")
        #expect(Set(lines) == Set(hops.map { "[\($0.host)]:2222 \(shown.text)" }))
        #expect(lines.count == 40)
    }

    @Test func `a lock of another process is waited for`() async throws {
        let path = try scratch.write("", to: "ssh/known_hosts")
        let script = """
            exec 9>>"$1"; flock 9; echo >"$2"
            while [ ! -e "$3" ]; do sleep 0.01; done; echo x y z >&9
            """
        let (mark, go) = (scratch.unique("mark"), scratch.unique("go"))
        let child = try Program.start("/bin/sh", ["-c", script, "sh", path, mark, go])
        while !FileManager.default.fileExists(atPath: mark) { await Task.yield() }
        let isOver = Mutex(false)
        async let trouble = trouble(with: shown, accepting(hop), telling: isOver)
        while !isOver.withLock({ $0 }), !isWaitedFor(path) { await Task.yield() }
        _ = FileManager.default.createFile(atPath: go, contents: nil)
        #expect(await trouble == nil)
        Program.end(of: child)
        let lines = try scratch.read("ssh/known_hosts").split(separator: "\n")
        #expect(lines == ["x y z", "[fra.example.net]:2222 \(shown.text)"])
    }

    /// Whether the kernel has somebody waiting for a lock of the file (see proc(5)).
    private func isWaitedFor(_ path: String) -> Bool {
        var status = stat()
        stat(path, &status)
        let locks = FileManager.default.contents(atPath: "/proc/locks") ?? Data()
        return String(decoding: locks, as: UTF8.self).split(separator: "\n").contains { line in
            line.contains("->") && line.contains(":\(status.st_ino) ")
        }
    }

    @Test func `what another process wrote meanwhile counts`() throws {
        let path = try scratch.write("fra.example.net \(other.text)\n", to: "k")
        let writer = KnownHostsWriter(path: path, hashesNames: false, salt: { [] })
        let name = HostKeyName(host: "fra.example.net", port: 22)
        let verdict = try writer.add(shown, of: name)
        #expect(verdict == .changed([KnownKey(key: other, place: "\(path):1")]))
        #expect(try scratch.read("k") == "fra.example.net \(other.text)\n")
    }

    @Test(arguments: ["a b", "a,b", "*", "a\nb", "", "|1|x", "@revoked", "#"])
    func `a name that would be read as something else is not written`(name: String) {
        let path = scratch.unique("known_hosts")
        let writer = KnownHostsWriter(path: path, hashesNames: false, salt: { [] })
        #expect(throws: SSHTrouble.self) {
            try writer.add(shown, of: HostKeyName(host: name, port: 22))
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `a pin takes its key and no other`() async throws {
        try scratch.write("[fra.example.net]:2222 \(other.text)\n", to: "global")
        var hop = hop
        hop.pins = ["SHA256:x", "ssh-ed25519 \(shown.fingerprint)"]
        #expect(await trouble(with: shown, hop) == nil)
        let trouble = await trouble(with: other, hop)
        #expect(trouble?.kind == .hostKeyChanged)
        #expect(trouble?.reason.contains(other.fingerprint) == true)
        #expect(trouble?.reason.contains(shown.fingerprint) == true)
    }

    @Test func `lines that are skipped can be listed`() throws {
        try scratch.write("# x\nams\n* \(shown.text)\n", to: "global")
        #expect(
            try judge.skippedLines(of: hop) == ["\(scratch.path)/global:2: it ends before its key"])
    }

    @Test func `a file that can't be read is no empty one`() async throws {
        var hop = hop
        hop.knownHostsFiles = [scratch.path]
        #expect(await trouble(with: shown, hop)?.kind == .unusable)
    }

    @Test func `algorithms of known keys come first`() async throws {
        #expect(await judge.preferredAlgorithms(for: hop) == HostKeyAlgorithms.all)
        try scratch.write("fra.example.net \(other.text)\n", to: "global")
        let preferred = await judge.preferredAlgorithms(for: hop)
        #expect(preferred[0] == "ecdsa-sha2-nistp256")
        #expect(Set(preferred) == Set(HostKeyAlgorithms.all))
        var pinned = hop
        pinned.pins = ["ssh-rsa SHA256:x"]
        #expect(
            await judge.preferredAlgorithms(for: pinned).prefix(2)
                == ["rsa-sha2-512", "rsa-sha2-256"])
        pinned.algorithms.hostKeys = ["ssh-ed25519", "ssh-dss", "rsa-sha2-256"]
        #expect(
            await judge.preferredAlgorithms(for: pinned) == ["rsa-sha2-256", "ssh-ed25519"])
    }

    @Test func `whatever stands in a file, it is read to its end`() {
        var generator = SeededGenerator(seed: 1)
        let tokens = ["@revoked ", "|1|", "*", ",", "!", "\n", " ", "ssh-ed25519", "#", "\r"]
        let good = "@revoked * \(shown.text)\n|1|\(other.blob.base64)|x \(other.text)\n"
        for round in 0..<2_000 {
            let bytes =
                round.isMultiple(of: 2)
                ? generator.bytes(atMost: 200)
                : generator.mutated(Array(good.utf8), tokens: tokens.map { Array($0.utf8) })
            let file = KnownHostsFile(bytes, path: "k")
            let name = HostKeyName(host: "a", port: 1)
            #expect(KnownHosts([file]).verdict(on: other, of: name) != .known)
            #expect(file.entries.count + file.flaws.count <= bytes.count)
        }
    }

    private func accepting(_ hop: SSHHop) -> SSHHop {
        var hop = hop
        hop.hostKeyPolicy = .acceptNew
        return hop
    }

    private func trouble(with key: PublicKey, _ hop: SSHHop) async -> SSHTrouble? {
        do throws(SSHTrouble) {
            try await judge.judge(key.blob, of: hop)
            return nil
        } catch {
            return error
        }
    }

    private func trouble(
        with key: PublicKey, _ hop: SSHHop, telling isOver: borrowing Mutex<Bool>
    ) async -> SSHTrouble? {
        let trouble = await trouble(with: key, hop)
        isOver.withLock { $0 = true }
        return trouble
    }

    private func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

import FleetTestKit
import FleetModel
import FleetRunner
import Foundation
import Testing

@testable import FleetSSH

/// Every file is read by us and by the real `ssh -G -F`, and both must say the same.
struct SSHConfigurationTests {
    struct Case: CustomTestStringConvertible {
        let name: String
        let text: String
        var query = SSHQuery("fra")
        /// Proves that the line in question was understood by either.
        let expected: @Sendable (SSHSettings) -> Bool

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "nothing", text: "") {
            $0.hostName == "fra" && $0.port == 22 && $0.proxyJump == nil
                && $0.knownHostsFiles.count == 4 && $0.identityFiles.count == 5
                && $0.algorithms == SSHHop.Algorithms() && $0.needsOpenSSH == []
        },
        Case(name: "a host's block", text: "Host fra\n HostName 10.0.0.4\n Port 2222\n User ann") {
            $0.hostName == "10.0.0.4" && $0.port == 2222 && $0.user == "ann"
        },
        Case(name: "another host's block", text: "Host ams\nPort 2222\nHost *\nUser bob") {
            $0.port == 22 && $0.user == "bob"
        },
        Case(name: "the first value wins", text: "Port 1\nHost fra\nPort 2\nHost *\nPort 3") {
            $0.port == 1
        },
        Case(name: "negated pattern", text: "Host * !fra\nPort 1\nHost f?a !ams\nPort 2") {
            $0.port == 2
        },
        Case(name: "negation before", text: "Host !fra *\nPort 1\nHost * \nPort 2") {
            $0.port == 2
        },
        Case(name: "equal signs", text: "Host=fra\nPort = 2222\nUser=ann\nHostName=\"a.b\"") {
            $0.port == 2222 && $0.user == "ann" && $0.hostName == "a.b"
        },
        Case(name: "keywords in capitals", text: "HOST fra\n\tPORT\t2222   # why\n#x\n\n  # y") {
            $0.port == 2222
        },
        Case(name: "names are case sensitive", text: "Host FRA\nPort 1\nHost fra\nPort 2") {
            $0.port == 2
        },
        Case(name: "carriage returns", text: "Host fra\r\n  Port 2222\r\n  User ann\r\n") {
            $0.port == 2222 && $0.user == "ann"
        },
        Case(
            name: "quotes", text: "IdentityFile \"/k/my key\"\nIdentityFile '/k/b'\nUser \"a\\\"b\""
        ) {
            $0.identityFiles == ["/k/my key", "/k/b"] && $0.user == "a\"b"
        },
        Case(
            name: "identities accumulate",
            text: "IdentityFile /k/a\nHost fra\nIdentityFile /k/b\nHost *\nIdentityFile /k/a"
        ) { $0.identityFiles.prefix(2) == ["/k/a", "/k/b"] },
        Case(
            name: "tokens", text: "HostName %h.example.net\nIdentityFile /k/%h/%r/%p/%n/%%\nUser u"
        ) {
            $0.hostName == "fra.example.net"
                && $0.identityFiles == ["/k/fra.example.net/u/22/fra/%"]
        },
        Case(name: "home", text: "IdentityFile ~/k\nCertificateFile %d/c\nIdentityAgent ~/s") {
            $0.identityFiles[0].hasPrefix("/") && $0.certificateFiles[0].hasPrefix("/")
                && $0.agentSocket?.hasSuffix("/s") == true
        },
        Case(name: "agent none", text: "IdentityAgent none\nIdentitiesOnly yes") {
            $0.agentSocket == nil && $0.identitiesOnly
        },
        Case(name: "agent by variable", text: "IdentityAgent $OTHER_SOCK") {
            $0.agentSocket == "/run/other"
        },
        Case(name: "the usual agent", text: "IdentityAgent SSH_AUTH_SOCK") {
            $0.agentSocket == "/run/agent"
        },
        Case(
            name: "known hosts",
            text: "UserKnownHostsFile /k/a /k/b\nGlobalKnownHostsFile none\nHashKnownHosts yes"
        ) { $0.knownHostsFiles == ["/k/a", "/k/b"] && $0.hashesKnownHosts },
        Case(name: "strict", text: "StrictHostKeyChecking yes\nHostKeyAlias vault") {
            $0.hostKeyPolicy == .strict && $0.hostKeyAlias == "vault"
        },
        Case(name: "accept new", text: "StrictHostKeyChecking accept-new\nConnectTimeout 7") {
            $0.hostKeyPolicy == .acceptNew && $0.connectTimeout == .seconds(7)
        },
        Case(name: "jump", text: "ProxyJump ann@ams:2222,nyc") {
            $0.proxyJump == "ann@ams:2222,nyc"
        },
        Case(name: "jump none", text: "Host fra\nProxyJump none\nHost *\nProxyJump ams") {
            $0.proxyJump == nil
        },
        Case(name: "command", text: "ProxyCommand ssh -W '%h:%p' gw") {
            $0.needsOpenSSH == ["ProxyCommand"]
        },
        Case(name: "command none", text: "ProxyCommand none") { $0.needsOpenSSH == [] },
        Case(name: "jump before command", text: "ProxyJump ams\nProxyCommand nc") {
            $0.proxyJump == "ams" && $0.needsOpenSSH == []
        },
        Case(name: "command before jump", text: "ProxyCommand nc\nProxyJump ams") {
            $0.proxyJump == nil && $0.needsOpenSSH == ["ProxyCommand"]
        },
        Case(name: "no command before jump", text: "ProxyCommand none\nProxyJump ams") {
            $0.proxyJump == nil && $0.needsOpenSSH == []
        },
        Case(name: "no jump before command", text: "ProxyJump none\nProxyCommand nc") {
            $0.proxyJump == nil && $0.needsOpenSSH == ["ProxyCommand"]
        },
        Case(name: "jump of tokens", text: "ProxyJump %r@gate-%h\nUser ann") {
            $0.proxyJump == "ann@gate-fra"
        },
        Case(name: "agent by path with a variable", text: "IdentityAgent ${OTHER_SOCK}.x") {
            $0.agentSocket == "/run/other.x"
        },
        Case(name: "a comment after words", text: "Port 2222 # and so on\nUser a#b") {
            $0.port == 2222 && $0.user == "a#b"
        },
        Case(name: "a name in capitals", text: "Host FRA\nPort 2", query: SSHQuery("FRA")) {
            $0.hostName == "fra" && $0.port == 2
        },
        Case(name: "an address of version 6", text: "Host ::1\nPort 2", query: SSHQuery("::1")) {
            $0.hostName == "::1" && $0.port == 2
        },
        Case(name: "strict off", text: "StrictHostKeyChecking off") {
            $0.hostKeyPolicy == .acceptNew
        },
        Case(name: "yes in capitals", text: "IdentitiesOnly YES\nHashKnownHosts yes") {
            $0.hashesKnownHosts
        },
        Case(name: "match all", text: "Host ams\nMatch all\nPort 2222") { $0.port == 2222 },
        Case(name: "match host", text: "HostName %h.x\nMatch host *.x,!ams.x\nPort 2222") {
            $0.port == 2222
        },
        Case(name: "match originalhost", text: "HostName b\nMatch originalhost fra\nPort 2222") {
            $0.port == 2222
        },
        Case(name: "match not host", text: "Match !host fra\nPort 1\nMatch !host ams\nPort 2") {
            $0.port == 2
        },
        Case(
            name: "match user", text: "User ann\nMatch host fra user ann,bob\nPort 2222"
        ) { $0.port == 2222 },
        Case(
            name: "match user of the command line", text: "Match user bob\nPort 2222",
            query: SSHQuery("fra", user: "bob")
        ) { $0.port == 2222 && $0.user == "bob" },
        Case(
            name: "port of the command line", text: "Port 1\nIdentityFile /k/%p",
            query: SSHQuery("fra", port: 2222)
        ) { $0.port == 2222 && $0.identityFiles[0] == "/k/2222" },
        Case(
            name: "algorithms",
            text: "Ciphers aes256-ctr\nMACs hmac-sha2-512\nKexAlgorithms "
                + "curve25519-sha256\nHostKeyAlgorithms ssh-ed25519,rsa-sha2-512"
        ) {
            $0.algorithms.ciphers == ["aes256-ctr"] && $0.algorithms.macs == ["hmac-sha2-512"]
                && $0.algorithms.keyExchanges == ["curve25519-sha256"]
                && $0.algorithms.hostKeys == ["ssh-ed25519", "rsa-sha2-512"]
        },
        Case(name: "more algorithms", text: "Ciphers +aes256-cbc\nHostKeyAlgorithms ^ssh-ed25519") {
            $0.algorithms == SSHHop.Algorithms()
        },
        Case(name: "no keys", text: "PubkeyAuthentication no\nBindAddress 127.0.0.1") {
            $0.needsOpenSSH == ["BindAddress", "PubkeyAuthentication no"]
        },
        Case(name: "Kerberos first", text: "PreferredAuthentications gssapi-with-mic,publickey") {
            $0.needsOpenSSH == ["PreferredAuthentications with GSSAPI first"]
        },
        Case(name: "passwords only", text: "PreferredAuthentications password") {
            $0.needsOpenSSH == ["PreferredAuthentications without publickey"]
        },
        Case(name: "Kerberos allowed", text: "GSSAPIAuthentication yes") { $0.needsOpenSSH == [] },
        Case(name: "include", text: "Include @/more/*.conf\nPort 4") {
            $0.port == 1 && $0.user == "two"
        },
        Case(name: "include in a block", text: "Host fra\nInclude @/more/1.conf\nHost ams\nUser x")
        {
            $0.port == 1
        },
        Case(name: "include for others", text: "Host ams\nInclude @/more/*.conf\nHost *\nPort 4") {
            $0.port == 4 && $0.user != "two"
        },
        Case(name: "a block in an include ends with it", text: "Include @/host.conf\nPort 4") {
            $0.port == 4
        },
        Case(name: "includes nest", text: "Include @/nest.conf @/missing") { $0.port == 1 },
    ]

    @Test(arguments: cases)
    func `our reading is ssh's`(example: Case) async throws {
        let scratch = try ScratchDirectory()
        try scratch.write("Host f*\nPort 1\n", to: "more/1.conf")
        try scratch.write("User two\nPort 2\n", to: "more/2.conf")
        try scratch.write("Host ams\nPort 3\n", to: "host.conf")
        try scratch.write("Include \(scratch.path)/more/1.conf\n", to: "nest.conf")
        let text = example.text.replacing(
            "@", with: example.text.contains("Include") ? scratch.path : "@")
        let file = try scratch.write(text, to: "config")
        let ours = OwnSSHConfiguration(surroundings: surroundings, file: file)
        let real = PrintedSSHConfiguration(executor: try executor(in: scratch), file: file)
        let (own, openSSH) = try await (
            settings(ours, example.query), settings(real, example.query)
        )
        #expect(own == openSSH)
        #expect(example.expected(own))
        #expect(example.expected(openSSH))
    }

    @Test(arguments: [
        ("Match exec true\nPort 1\nMatch all\nPort 2", "Match exec"),
        ("Match final\nPort 1\nHost *\nPort 2", "Match final"),
        ("CanonicalizeHostname yes\nPort 2", "CanonicalizeHostname yes"),
        ("IdentityFile /k/%C\nPort 2", "IdentityFile /k/%C"),
        ("IdentityFile ${NO_SUCH}/k\nPort 2", "IdentityFile ${NO_SUCH}/k"),
        ("Ciphers -aes128-ctr\nPort 2", "algorithms taken away with `-`"),
    ])
    func `what we can't read is a reason to ask ssh`(text: String, reason: String) async throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write(text, to: "config")
        let settings = try await settings(
            OwnSSHConfiguration(surroundings: surroundings, file: file), SSHQuery("fra"))
        #expect(settings.needsOpenSSH == [reason])
        #expect(settings.port == 2)
    }

    @Test(arguments: [
        ("Port", ":1 can't be read: `Port` has no argument"),
        ("\nUser \"ann", ":2 can't be read: a quote is not closed"),
        ("Match host", ":1 can't be read: `Match` lacks an argument"),
    ])
    func `what ssh refuses is refused with its place`(text: String, words: String) async throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write(text, to: "config")
        let ours = OwnSSHConfiguration(surroundings: surroundings, file: file)
        #expect(await trouble(ours)?.reason == "\(file)\(words)")
        let real = PrintedSSHConfiguration(executor: try executor(in: scratch), file: file)
        #expect(await trouble(real)?.kind == .unusable)
    }

    @Test(arguments: ["/usr/bin", "/nowhere"])
    func `without an ssh program we read for ourselves`(searchPath: String) async throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write("Match exec true\nPort 2222", to: "config")
        let source = SSHConfiguration(
            executor: try executor(in: scratch), tools: ToolPaths(searchPath: searchPath),
            surroundings: surroundings, file: file)
        let settings = try await settings(source, SSHQuery("fra"))
        // Only `ssh` can run what `Match exec` says.
        #expect(settings.port == (searchPath == "/nowhere" ? 22 : 2222))
        #expect(settings.needsOpenSSH.isEmpty == (searchPath != "/nowhere"))
    }

    @Test func `a file that others can write is refused, as ssh refuses it`() async throws {
        let scratch = try ScratchDirectory()
        let open = try scratch.write("Port 2222", to: "open", mode: 0o622)
        let file = try scratch.write("Include \(open)", to: "config", mode: 0o622)
        let ours = OwnSSHConfiguration(surroundings: surroundings, file: file)
        #expect(await trouble(ours)?.reason.hasPrefix("\(open) can be written by others") == true)
        let real = PrintedSSHConfiguration(executor: try executor(in: scratch), file: file)
        #expect(await trouble(real)?.kind == .unusable)
        chmod(open, 0o600)
        #expect(await trouble(ours) == nil)
        #expect(await trouble(real) == nil)
    }

    @Test func `a file that includes itself is refused`() async throws {
        let scratch = try ScratchDirectory()
        let file = try scratch.write("Include \(scratch.path)/config", to: "config")
        let ours = OwnSSHConfiguration(surroundings: surroundings, file: file)
        #expect(await trouble(ours)?.reason.hasSuffix("too deep, or by itself") == true)
    }

    @Test(arguments: ["-oProxyCommand=x", "a b", "", "a\nb"])
    func `a name that is an option in disguise is not asked for`(name: String) async throws {
        let scratch = try ScratchDirectory()
        let real = PrintedSSHConfiguration(executor: try executor(in: scratch))
        let ours = OwnSSHConfiguration(surroundings: surroundings)
        for source in [real, ours] as [any SSHConfigurationSource] {
            #expect(await trouble(source, SSHQuery(name))?.kind == .unusable)
            #expect(await trouble(source, SSHQuery("fra", user: name))?.kind == .unusable)
        }
    }

    @Test func `whatever stands in a file, reading it ends`() async throws {
        let scratch = try ScratchDirectory()
        let good = Self.cases.map(\.text).joined(separator: "\n")
        let tokens = ["\nHost ", "\nMatch ", "\"", "'", "\\", "=", "%", "${", "!", "*", ",", "\n"]
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<100 {
            let bytes = generator.mutated(
                Array(good.utf8), tokens: tokens.map { Array($0.utf8) })
            let file = try scratch.write(String(decoding: bytes, as: UTF8.self), to: "config")
            let ours = OwnSSHConfiguration(surroundings: surroundings, file: file)
            let trouble = await trouble(ours)
            #expect(trouble == nil || trouble?.kind == .unusable)
        }
    }

    /// Lines alone, jump hosts and queries: many more of them than files in the same time.
    @Test func `whatever stands in a line, reading it ends`() {
        let files = Self.cases.map(\.text) + ["ProxyJump a@[::1]:22,b"]
        let good = files.joined(separator: "\n").split(separator: "\n").map(String.init)
        let tokens = ["\"", "'", "\\", "=", "%", "${", "[", "]", ":", "@", ",", "\r", "\u{c}"]
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<4_000 {
            let line = Array((good.randomElement(using: &generator) ?? "").utf8)
            let bytes = generator.mutated(line, tokens: tokens.map { Array($0.utf8) })
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(SSHConfigurationLine.Flaw) {
                guard let read = try SSHConfigurationLine(text[...]) else { continue }
                #expect(!read.keyword.isEmpty)
                #expect(!read.arguments.isEmpty)
                for hop in JumpHost.list(read.arguments[0]) ?? [] { #expect(hop.query.isSafe) }
            } catch {
                #expect(!error.reason.isEmpty)
            }
        }
    }

    // MARK: - The scene

    private let surroundings = SSHSurroundings.current(
        environment: ["SSH_AUTH_SOCK": "/run/agent", "OTHER_SOCK": "/run/other"])

    private func settings(
        _ source: some SSHConfigurationSource, _ query: SSHQuery
    ) async throws -> SSHSettings {
        SSHSettings(try await source.options(for: query), of: query, in: surroundings)
    }

    private func executor(in scratch: ScratchDirectory) throws -> LocalExecutor {
        try LocalExecutor(
            jobsDirectory: scratch.unique("jobs"), tools: ToolPaths(searchPath: "/usr/bin:/bin"),
            environment: LocalEnvironment(from: [:], adding: ["OTHER_SOCK": "/run/other"]))
    }

    private func trouble(
        _ source: any SSHConfigurationSource, _ query: SSHQuery = SSHQuery("fra")
    ) async -> SSHTrouble? {
        do throws(SSHTrouble) {
            let options = try await source.options(for: query)
            _ = SSHSettings(options, of: query, in: surroundings)
            return nil
        } catch {
            return error
        }
    }
}
